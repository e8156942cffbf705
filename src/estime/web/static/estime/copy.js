// Buttons that copy what stands in a field. Without this file the text can be selected, and no button is shown.
for (const button of document.querySelectorAll('button[data-copy]')) {
  const field = document.getElementById(button.dataset.copy)
  if (!field || !navigator.clipboard) continue
  const words = button.textContent
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(field.value ?? field.textContent)
    button.textContent = button.dataset.copied
    setTimeout(() => { button.textContent = words }, 2000)
  })
}
