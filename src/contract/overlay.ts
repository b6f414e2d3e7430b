import { query } from 'json-p3'
import { isJsonObject, type Json } from '../json.ts'

/** An OpenAPI Overlay 1.0 document. https://spec.openapis.org/overlay/v1.0.0.html */
export interface Overlay {
  readonly overlay: string
  readonly info: { readonly title: string; readonly version: string }
  readonly actions: readonly OverlayAction[]
}

export interface OverlayAction {
  /** A JSONPath (RFC 9535) into the document as the actions before left it. */
  readonly target: string
  /** Why the action is needed. The standard leaves it optional, this project does not. */
  readonly description: string
  /** Merged into every target that is an object; appended to every target that is an array. */
  readonly update?: Json
  /** Takes every target out of what contains it. */
  readonly remove?: boolean
}

/** An overlay that cannot be applied: which action, why, and what to do. */
export class OverlayError extends Error {
  /** The overlay's name: `corrections`. */
  readonly overlay: string
  /** From 0. */
  readonly action: number
  readonly hint: string

  constructor(overlay: string, action: number, problem: string, hint: string) {
    super(`action ${action + 1} of the overlay "${overlay}" ${problem}`)
    this.overlay = overlay
    this.action = action
    this.hint = hint
  }
}

type MutableObject = Record<string, Json>
type Container = MutableObject | Json[]

/**
 * Applies an overlay to a document, in the order of its actions. The document is changed in place: pass a copy of your own.
 * @param name of the overlay, for errors
 * @throws OverlayError when an action gives no reason, matches nothing, or does not fit what it matches
 */
export function applyOverlay(document: Json, overlay: Overlay, name: string): void {
  overlay.actions.forEach((action, index) => {
    const fail = (problem: string, hint: string) => new OverlayError(name, index, problem, hint)
    if (!action.description) throw fail('has no description.', 'Say in it why the action is needed.')
    if (action.remove !== true && action.update === undefined)
      throw fail('does nothing.', 'Give it `update` or `remove`.')
    const nodes = query(action.target, document as never).nodes
    if (nodes.length === 0) {
      throw fail(
        `matches nothing: ${action.target}`,
        'Correct the target, or delete the action if the document no longer needs it.',
      )
    }
    for (const { value, location } of nodes.toReversed()) {
      if (action.remove === true) remove(document, location)
      else if (!merge(value as Json, action.update ?? null)) {
        throw fail(
          `cannot update what it matches: ${action.target}`,
          'Only objects and arrays can be updated: target one of them.',
        )
      }
    }
  })
}

/** Overlay 1.0, "update": objects merge recursively, arrays are appended to, everything else is replaced. */
function merge(target: Json, update: Json): boolean {
  if (Array.isArray(target)) {
    if (Array.isArray(update)) target.push(...structuredClone(update))
    else target.push(structuredClone(update))
    return true
  }
  if (!isJsonObject(target) || !isJsonObject(update)) return false
  const object = target as MutableObject
  for (const [key, value] of Object.entries(update)) {
    if (value === undefined) continue
    const before = Object.hasOwn(object, key) ? object[key] : undefined
    if (before !== undefined && typeof before === 'object' && before !== null && merge(before, value)) continue
    object[key] = structuredClone(value) as Json
  }
  return true
}

function remove(document: Json, location: readonly (string | number)[]): void {
  const last = location.at(-1)
  if (last === undefined) return
  let container = document as Container
  for (const step of location.slice(0, -1)) container = (container as Record<string | number, Json>)[step] as Container
  if (Array.isArray(container)) container.splice(Number(last), 1)
  else delete container[last]
}
