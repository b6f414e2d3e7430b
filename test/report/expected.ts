/** What the demonstration exercises (demonstration.ts), and how often: all other points of the contract it never does. */
export const EXPECTED: Readonly<
  Record<string, { readonly calls: number; readonly points: Readonly<Record<string, number>> }>
> = {
  adminListIdentities: {
    calls: 1,
    points: {
      'status 200': 1,
      'response type 200 application/json': 1,
      'query parameter per_page': 1,
      'query parameter page': 1,
    },
  },
  adminGetIdentity: { calls: 1, points: { 'status 404': 1, 'response type 404 application/json': 1 } },
  submitSelfServiceLoginFlow: {
    calls: 3,
    points: {
      'status 200': 1,
      'status 303': 1,
      'status 400': 1,
      'response type 200 application/json': 1,
      'response type 400 application/json': 1,
      'request type application/json': 2,
      'request type application/x-www-form-urlencoded': 1,
      'method password': 3,
      'query parameter flow': 3,
    },
  },
  initializeSelfServiceLoginFlowWithoutBrowser: {
    calls: 2,
    points: { 'status 200': 2, 'response type 200 application/json': 2, 'query parameter refresh': 1 },
  },
  // the empty return_to is as good as none
  initializeSelfServiceLoginFlowForBrowsers: {
    calls: 1,
    points: { 'status 200': 1, 'response type 200 application/json': 1, 'query parameter aal': 1 },
  },
  submitSelfServiceRecoveryFlow: {
    calls: 1,
    points: {
      'status 200': 1,
      'response type 200 application/json': 1,
      'request type application/json': 1,
      'method link': 1,
      'flow state sent_email': 1,
      'query parameter flow': 1,
    },
  },
  initializeSelfServiceRecoveryFlowWithoutBrowser: {
    calls: 1,
    points: { 'status 200': 1, 'response type 200 application/json': 1, 'flow state choose_method': 1 },
  },
  toSession: {
    calls: 2,
    points: {
      'status 200': 1,
      'status 401': 1,
      'response type 200 application/json': 1,
      'response type 401 application/json': 1,
    },
  },
}
