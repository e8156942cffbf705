// Passkeys: the browser's part of signing in with one, and of making one.
// A form says what to do: data-passkey="use" or "add"; where the options are: data-options (the id of a JSON block in
// the page) or data-options-url. What the device answers goes into the field `credential`, and the form is sent.

const able = window.PublicKeyCredential && navigator.credentials && window.isSecureContext &&
  !/^(\d+\.){3}\d+$|^\[/.test(location.hostname)

const bytes = text => Uint8Array.from(
  atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0))

const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

const known = list => (list || []).map(one => ({ ...one, id: bytes(one.id) }))

async function make (options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials),
    authenticatorSelection: {
      ...options.authenticatorSelection,
      residentKey: 'required', requireResidentKey: true, userVerification: 'required'
    }
  }
  const made = await navigator.credentials.create({ publicKey })
  return told(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports ? made.response.getTransports() : []
  })
}

async function use (options) {
  const publicKey = {
    ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials)
  }
  const shown = await navigator.credentials.get({ publicKey })
  return told(shown, {
    authenticatorData: text(shown.response.authenticatorData),
    signature: text(shown.response.signature),
    userHandle: shown.response.userHandle ? text(shown.response.userHandle) : null
  })
}

function told (credential, response) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response }
  }
}

async function options (form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent)
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: 'application/json' } })
  if (!answer.ok) throw new Error(`options: ${answer.status}`)
  return answer.json()
}

async function ceremony (form) {
  const asked = await options(form)
  const credential = form.dataset.passkey === 'add'
    ? await make(asked.creation_options.publicKey)
    : await use(asked.request_options.publicKey)
  form.elements.credential.value = JSON.stringify(credential)
  form.submit()
}

function failed (form) {
  let notice = form.querySelector('[role=alert]')
  if (!notice) {
    notice = document.createElement('p')
    notice.className = 'notice error'
    notice.setAttribute('role', 'alert')
    form.prepend(notice)
  }
  notice.textContent = form.dataset.failed
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!able) continue
  form.hidden = false
  form.addEventListener('submit', event => {
    event.preventDefault()
    ceremony(form).catch(() => failed(form))
  })
}
if (!able) document.querySelectorAll('[data-passkey-lacking]').forEach(one => { one.hidden = false })
