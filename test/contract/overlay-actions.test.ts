import { describe, expect, it } from 'vitest'
import { deepFreeze, OVERLAYS, readOverlay, readPublished, unionsLast } from '../../src/contract/document.ts'
import type { OpenApiDocument } from '../../src/contract/openapi.ts'
import { applyOverlay } from '../../src/contract/overlay.ts'
import { EVIDENCE } from './evidence.ts'

/** The document of the dialect that an overlay belongs to, without one of its actions. */
function documentWithout(overlay: string, action: number | undefined): OpenApiDocument {
  const document = readPublished()
  for (const name of overlay === 'wire' ? OVERLAYS.wire : OVERLAYS.spec) {
    const read = readOverlay(name)
    const actions = name === overlay ? read.actions.filter((_, index) => index !== action) : read.actions
    applyOverlay(document as never, { ...read, actions }, name)
  }
  return deepFreeze(unionsLast(document))
}

describe.each(Object.entries(EVIDENCE))('overlay %s', (overlay, evidence) => {
  const { actions } = readOverlay(overlay)
  const complete = documentWithout(overlay, undefined)

  it('has evidence for every action', () => {
    expect(evidence.map(({ target }) => target)).toEqual(actions.map(({ target }) => target))
  })

  it.each(evidence.map(({ target, holds }, index) => [target, index, holds] as const))(
    'needs its action on %s',
    async (_, index, holds) => {
      expect(await holds(complete), 'with the action').toBe(true)
      const without = async () => holds(documentWithout(overlay, index))
      expect(await without().catch(() => false), 'without the action').toBe(false)
    },
  )
})
