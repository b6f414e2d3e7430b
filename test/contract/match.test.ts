import { describe, expect, it } from 'vitest'
import { createContract } from '../../src/contract/contract.ts'

const { match, methodsOf, operations } = createContract({ dialect: 'spec' })
const found = (method: string, path: string) => {
  const { operation, params } = match(method, path) ?? {}
  return operation === undefined ? undefined : { operationId: operation.operationId, params }
}

describe('the route table', () => {
  it('finds every operation by its method and path', () => {
    for (const operation of operations) {
      const path = operation.path.replace(/\{[^}]+\}/g, 'x')
      expect(match(operation.method, path)?.operation, `${operation.method} ${path}`).toBe(operation)
    }
  })

  it('names and decodes the parameters of a path', () => {
    expect(found('DELETE', '/projects/a%20b/members/%C3%BC')).toEqual({
      operationId: 'removeProjectMember',
      params: { project_id: 'a b', member_id: 'ü' },
    })
  })

  it('prefers fixed text to a parameter', () => {
    expect(found('DELETE', '/sessions/whoami')?.operationId).toBe('toSessionByDelete')
    expect(found('DELETE', '/sessions/abc')?.operationId).toBe('revokeSession')
  })

  it('answers HEAD as GET', () => {
    expect(found('HEAD', '/sessions/whoami')?.operationId).toBe('toSession')
    expect(found('HEAD', '/schemas/default')?.operationId).toBe('getIdentitySchema')
  })

  it('decodes %2F before it cuts the path, as the real servers do', () => {
    expect(found('GET', '/schemas/a%2Fb')).toBeUndefined()
    expect(found('GET', '/sessions%2Fwhoami')?.operationId).toBe('toSession')
    expect(found('DELETE', '/projects/a%2Fmembers%2Fb')?.operationId).toBe('removeProjectMember')
  })

  it.each([
    ['GET', '/nothing'],
    ['GET', '/'],
    ['GET', ''],
    ['GET', '/sessions/whoami/'],
    ['GET', '/Sessions/Whoami'],
    ['GET', '/schemas/'],
    ['GET', '/admin/identities//sessions'],
    ['PUT', '/self-service/login'],
    ['get', '/sessions/whoami'],
    ['GET', '/__proto__'],
    ['constructor', '/sessions'],
  ])('finds nothing for %s %s', (method, path) => {
    expect(match(method, path)).toBeUndefined()
  })

  it('takes names of prototypes for what they are: texts', () => {
    expect(found('GET', '/schemas/__proto__')?.params).toEqual({ id: '__proto__' })
  })

  it('leaves a path as sent whose percent signs begin no escape, and says so', () => {
    expect(match('GET', '/schemas/%zz')).toMatchObject({ params: { id: '%zz' }, malformed: true })
    expect(match('GET', '/schemas/%25')).toMatchObject({ params: { id: '%' }, malformed: false })
  })

  it('knows the methods of a path', () => {
    expect(methodsOf('/admin/identities')).toEqual(['GET', 'POST'])
    expect(methodsOf('/admin/identities/abc')).toEqual(['GET', 'PUT', 'DELETE', 'PATCH'])
    expect(methodsOf('/sessions/abc')).toEqual(['DELETE'])
    expect(methodsOf('/nothing')).toEqual([])
    expect(methodsOf('/admin')).toEqual([])
  })
})
