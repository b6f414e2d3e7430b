const mock = 'http://localhost:4000'

beforeEach(() => {
  // the default sandbox, as it was at the start; CORS keeps pages out of /__mock, cy.request is no page
  cy.request({ method: 'POST', url: `${mock}/__mock/reset`, headers: { 'Content-Type': 'application/json' } })
})

it('says that a form has expired', () => {
  cy.visit(`${mock}/ui/login`)
  cy.request('POST', `${mock}/__mock/clock/advance`, { by: '31m' })
  cy.get('button[name=method]').first().click()
  cy.contains('expired')
})
