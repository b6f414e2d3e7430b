import type supertest from 'supertest'
import { afterEach, beforeEach, expect } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { validatePublished } from '../support/independent-validator.ts'
import { Server } from '../support/people.ts'
import { publishedOperation } from '../support/published-routes.ts'

/*
 * A server in the default dialect whose every answer is judged twice: by itself, and by the document as published.
 */

/** What is wrong with an answer; empty when it keeps the contract. @param path with its query */
export function faultsOf(method: string, path: string, answer: supertest.Response): string[] {
  const what = `${method} ${path} ${answer.status}`
  const own = answer.headers['x-mock-contract-violation']
  const operationId = publishedOperation(method, path)
  const type: string | undefined = answer.headers['content-type']
  const body = type?.includes('json') ? answer.body : answer.text || undefined
  const faults = operationId === undefined ? [] : validatePublished(operationId, answer.status, type, body)
  return [...(own === undefined ? [] : [own]), ...faults].map((fault) => `${what}: ${fault}`)
}

/** A server for each test of a file; a test whose answers break the contract fails. */
export function useJudgedServer(config: JsonObject = {}): () => Server {
  let server: Server
  let faults: string[] = []
  beforeEach(() => {
    faults = []
    const onAnswer = (method: string, path: string, answer: supertest.Response) => {
      faults.push(...faultsOf(method, path, answer))
    }
    server = new Server(config, { dialect: 'spec', onAnswer })
  })
  afterEach(() => expect(faults).toEqual([]))
  return () => server
}
