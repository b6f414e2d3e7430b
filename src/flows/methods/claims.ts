import type { Call } from '../../http/call.ts'
import { submittedMethod } from '../body.ts'

/** Whether the field `method` of a submit names this method. @throws what is wrong with a body that cannot be read */
export function isSubmittedFor(call: Call, method: string): boolean {
  const submitted = submittedMethod(call)
  if (submitted.error !== undefined) throw submitted.error
  return submitted.method === method
}
