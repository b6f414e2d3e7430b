import { expireFlow } from '../arrange.ts'
import { FETCH, SUBMIT } from '../operation-ids.ts'
import type { SwitchDefinition } from '../switch.ts'

/** ecosystem §4.1. */
export const flowLifecycle = {
  'flow-expired-on-fetch': {
    title: 'The flow has expired when it is fetched',
    operations: FETCH,
    how: 'A tab stays open past the lifespan of the flow and is reloaded.',
    status: 410,
    sees: '410; error.id self_service_flow_expired for login and registration, none for the others.',
    effect: { before: ({ call }) => expireFlow(call, call.query.get('id')) },
  },
  'flow-expired-on-submit': {
    title: 'The flow has expired when it is submitted',
    operations: SUBMIT,
    how: 'Somebody types slowly.',
    status: 410,
    sees: '410 self_service_flow_expired with since and use_flow_id; forms are redirected to a new flow with 4010001, 4040001 or 4050001.',
    effect: { before: ({ call }) => expireFlow(call, call.query.get('flow')) },
  },
} as const satisfies Record<string, SwitchDefinition>
