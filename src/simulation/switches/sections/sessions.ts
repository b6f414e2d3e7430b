import { lowerAal } from '../arrange.ts'
import type { SwitchDefinition } from '../switch.ts'

const AAL_GUARDED = [
  'toSession',
  'initializeSelfServiceSettingsFlowForBrowsers',
  'initializeSelfServiceSettingsFlowWithoutBrowser',
  'getSelfServiceSettingsFlow',
  'submitSelfServiceSettingsFlow',
] as const

/** ecosystem §4.2. */
export const sessions = {
  'aal2-required': {
    title: 'The session needs a second factor',
    operations: AAL_GUARDED,
    how: 'Somebody who has an authenticator app signed in with the password alone.',
    status: 403,
    sees: '403 session_aal2_required with redirect_browser_to.',
    effect: { before: ({ call }) => lowerAal(call) },
  },
} as const satisfies Record<string, SwitchDefinition>
