// The script of the console, in browsers: asks a passkey, and loads a page anew when what it shows has changed.

const unheard = 'This browser has no passkeys: use another.'

/** Sends the form's own token and digest, and gets what a passkey is asked for. */
async function ask(form, path, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter))
  const answer = await fetch(path, { method: 'POST', body })
  if (!answer.ok || !(answer.headers.get('content-type') ?? '').startsWith('application/json'))
    throw new Error('The service did not answer: load the page again.')
  return answer.json()
}

function say(form, text) {
  const said = form.querySelector('[data-said]')
  said.textContent = text
  said.hidden = text === ''
}

/** Fills in what the authenticator gave, and sends the form as if its button had been pressed. */
async function withPasskey(form, field, act, submitter) {
  say(form, '')
  form.setAttribute('aria-busy', 'true')
  try {
    const credential = await act()
    form.elements[field].value = JSON.stringify(credential.toJSON())
    form.dataset.ready = 'true'
    form.requestSubmit(submitter)
  } catch (error) {
    say(
      form,
      error.name === 'NotAllowedError' ? 'It was cancelled, or took too long.' : error.message,
    )
  } finally {
    form.removeAttribute('aria-busy')
  }
}

function create(form, submitter) {
  return async () => {
    const options = await ask(form, form.dataset.enrol, submitter)
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
    return navigator.credentials.create({ publicKey })
  }
}

function get(form, submitter) {
  return async () => {
    const options = await ask(form, form.dataset.passkey, submitter)
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
    return navigator.credentials.get({ publicKey })
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.dataset.ready === 'true') return
  const isEnrolment = form.dataset.enrol !== undefined
  const isApproval =
    form.dataset.passkey !== undefined &&
    (event.submitter?.value === 'approve' || form.dataset.both === 'true')
  if (!isEnrolment && !isApproval) return
  event.preventDefault()
  if (typeof PublicKeyCredential === 'undefined') say(form, unheard)
  else if (isEnrolment)
    void withPasskey(form, 'credential', create(form, event.submitter), event.submitter)
  else void withPasskey(form, 'assertion', get(form, event.submitter), event.submitter)
})

const { live, version } = document.body.dataset
const everySeconds = 3

/** A page that somebody writes in is not loaded away under her hands. */
async function look() {
  try {
    const answer = await fetch(live)
    if (answer.redirected) location.reload()
    else if (answer.ok && (await answer.json()).version !== version) location.reload()
  } catch {
    // The service is away: the next look may find it again.
  }
  setTimeout(look, everySeconds * 1000)
}

if (live !== undefined) setTimeout(look, everySeconds * 1000)
