import { readFileSync } from 'node:fs'
import type { Json } from '../json.ts'
import { type OpenApiDocument, operationsIn, type Schema } from './openapi.ts'
import { applyOverlay, type Overlay } from './overlay.ts'

/** How the same truth is written: as the document wants it, or as the servers of July 2022 sent it. */
export type Dialect = 'spec' | 'wire'

/** One operation of the contract: documented, or an additional route that real servers have. */
export interface OperationInfo {
  readonly operationId: string
  /** Upper case. */
  readonly method: string
  /** As in the document: `/sessions/{id}`. */
  readonly path: string
  readonly tags: readonly string[]
  /** The document asks for a bearer token. */
  readonly secured: boolean
  /** Not in the published document: design.md "Words", additional routes. */
  readonly additional: boolean
  /** The operation whose code answers it: itself, or for additional routes a documented one. */
  readonly sameAs: string
  /** A submit of a self-service flow, whose body Ory judges itself, inside the flow. */
  readonly submits: boolean
}

/** Which overlays make which dialect, in the order of their application. */
export const OVERLAYS: Readonly<Record<Dialect, readonly string[]>> = {
  spec: ['corrections', 'additions'],
  wire: ['corrections', 'additions', 'wire'],
}

/** Where the document and its overlays lie. */
export const SPEC = new URL('../../spec/', import.meta.url)

export const PUBLISHED = 'ory-api.json'

export const overlayFile = (name: string): string => `overlays/${name}.overlay.json`

/** The document as published, parsed anew, so that the caller may change it. */
export function readPublished(folder = SPEC): OpenApiDocument {
  return JSON.parse(readFileSync(new URL(PUBLISHED, folder), 'utf8')) as OpenApiDocument
}

export function readOverlay(name: string, folder = SPEC): Overlay {
  return JSON.parse(readFileSync(new URL(overlayFile(name), folder), 'utf8')) as Overlay
}

/**
 * The document that a dialect is judged by: the published one with the dialect's overlays, frozen.
 * @throws OverlayError when an overlay does not apply
 */
export function loadDocument(dialect: Dialect, folder = SPEC): OpenApiDocument {
  const document = readPublished(folder)
  for (const name of OVERLAYS[dialect]) applyOverlay(document as unknown as Json, readOverlay(name, folder), name)
  return deepFreeze(unionsLast(document))
}

/** The document as published, with no more than what makes it usable, frozen. */
export function loadCorrected(folder = SPEC): OpenApiDocument {
  const document = readPublished(folder)
  applyOverlay(document as unknown as Json, readOverlay('corrections', folder), 'corrections')
  return deepFreeze(unionsLast(document))
}

/**
 * Moves the schemas with a discriminator behind all others. The order of keys is the one thing that an overlay cannot
 * change, and express-openapi-validator needs it: while it walks a union, the `required` of a branch that it has not
 * seen before leaks into the next branch (dependencies §2.2, row 5).
 */
export function unionsLast(document: OpenApiDocument): OpenApiDocument {
  const isUnion = ([, schema]: [string, Schema]) => schema.discriminator !== undefined
  const all = Object.entries(document.components.schemas)
  const schemas = Object.fromEntries([...all.filter((entry) => !isUnion(entry)), ...all.filter(isUnion)])
  return { ...document, components: { ...document.components, schemas } }
}

export function listOperations(document: OpenApiDocument): readonly OperationInfo[] {
  return [...operationsIn(document)].map(([path, method, operation]) => ({
    operationId: operation.operationId,
    method: method.toUpperCase(),
    path,
    tags: operation.tags ?? [],
    secured: operation.security?.some((scheme) => Object.hasOwn(scheme, 'oryAccessToken')) ?? false,
    additional: operation['x-additional'] === true,
    sameAs: operation['x-same-as'] ?? operation.operationId,
    submits: /^submitSelfService(Login|Registration|Settings|Recovery|Verification)Flow$/.test(operation.operationId),
  }))
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const child of Object.values(value)) deepFreeze(child)
  }
  return value
}
