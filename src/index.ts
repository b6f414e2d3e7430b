/**
 * ory-mock inside a test: `const mock = await createOryMock({ fixture: 'team' })`. For tests only.
 */

export { ControlRequestError } from './test-api/control-client.ts'
export type { OryMockOptions } from './test-api/create-ory-mock.ts'
export { connectOryMock, createOryMock } from './test-api/create-ory-mock.ts'
export type { MockClock, MockJournal, OryMock } from './test-api/ory-mock.ts'
export type {
  BuiltInFixture,
  BuiltInScenario,
  ClockReading,
  CreatedSession,
  Duration,
  FixtureSource,
  RecordedExchange,
  SessionRequest,
} from './test-api/types.ts'
