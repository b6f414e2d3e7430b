import { OryError } from '../errors.ts'
import { dotNotation, InvalidError, leavesOf } from '../identities/json-schema/validation-error.ts'
import type { UiContainer, UiText } from '../state/records.ts'
import { messages } from './messages.ts'
import { addMessage } from './nodes.ts'

/** Refuses a form with a message of its own, at a node or at the whole form. */
export class FormError extends Error {
  readonly messages: readonly { readonly message: UiText; readonly node: string }[]

  /** @param node the name of the node it belongs to; `''` for the whole form */
  constructor(message: UiText, node = '') {
    super(message.text)
    this.messages = [{ message, node }]
  }
}

/**
 * Writes an error into a form (kratos-login-registration-sessions §1.5, item 3): a 400 by its reason, what a schema says at
 * the nodes it names, and our own messages as they are.
 * @returns `undefined` for every other error: it is not shown in the form but answered as such
 */
export function showError(ui: UiContainer, error: unknown): UiContainer | undefined {
  if (error instanceof OryError) {
    return error.error.code === 400 ? addMessage(ui, messages.validation(error.error.reason ?? '')) : undefined
  }
  if (error instanceof FormError) {
    return error.messages.reduce((shown, each) => addMessage(shown, each.message, each.node), ui)
  }
  return error instanceof InvalidError ? showInvalid(ui, error) : undefined
}

function showInvalid(ui: UiContainer, error: InvalidError): UiContainer {
  let shown = ui
  for (const leaf of leavesOf(error.error)) {
    if (leaf.missing === undefined) {
      shown = addMessage(shown, messages.validation(leaf.message), dotNotation(leaf.instancePtr))
      continue
    }
    for (const ptr of leaf.missing) {
      shown = addMessage(shown, messages.missing(ptr.slice(ptr.lastIndexOf('/') + 1)), dotNotation(ptr))
    }
  }
  return shown
}
