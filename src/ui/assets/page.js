import { element, showPage } from './element.js'
import { showErrorPage } from './error.js'
import { showFlowPage } from './flow.js'
import { showWelcomePage } from './welcome.js'

/*
 * The one script of the pages: `<body data-page>` says which of them this is.
 */

async function start() {
  const page = document.body.dataset['page']
  switch (page) {
    case 'login':
    case 'registration':
    case 'settings':
    case 'recovery':
    case 'verification':
      return await showFlowPage(page)
    case 'error':
      return await showErrorPage()
    default:
      return await showWelcomePage()
  }
}

start().catch((failure) => {
  showPage(
    'This page cannot be shown',
    element('p', {}, 'The server cannot be reached, or it answered with something that is not its own.'),
    element('pre', {}, String(failure)),
  )
})
