// A staff link carries its secret behind the #, which no browser sends to any server. Take it into the form, take it
// out of the address and of the history, and send the form.
const form = document.querySelector('form[data-staff-link]')
const secret = location.hash.slice(1)
if (form && secret) {
  history.replaceState(null, '', location.pathname)
  form.elements.secret.value = secret
  form.submit()
}
