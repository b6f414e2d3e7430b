/**
 * ory-mock inside a test: `const mock = await createOryMock({ fixture: 'team' })`. For tests only.
 */

export type { Duration } from './config/duration.ts'
export type { Json, JsonObject } from './json.ts'
export type { Coverage, CoveredPoint, Dimension, OperationCoverage, UnmatchedCall } from './report/shown-coverage.ts'
export type { Fixture } from './simulation/fixture.ts'
export type { OperationId } from './simulation/switches/operation-ids.ts'
export type { SwitchName } from './simulation/switches/switch-names.ts'
export type { BuiltInFixture, BuiltInScenario } from './test-api/built-in.ts'
export type { CallLike, ValueLike } from './test-api/call-like.ts'
export { ControlRequestError } from './test-api/control-client.ts'
export type { OryMockOptions } from './test-api/create-ory-mock.ts'
export { connectOryMock, createOryMock } from './test-api/create-ory-mock.ts'
export type { MadeIdentity, MockIdentity } from './test-api/mock-identity.ts'
export type { CallCount, JournalQuery, MockJournal } from './test-api/mock-journal.ts'
export { JournalAssertionError } from './test-api/mock-journal.ts'
export type { MockMail } from './test-api/mock-mail.ts'
export type { MockSnapshots } from './test-api/mock-snapshots.ts'
export type { MockSwitches } from './test-api/mock-switches.ts'
export type { MockClock, OryMock } from './test-api/ory-mock.ts'
export type {
  SwitchCatalogue,
  SwitchDescription,
  SwitchParameterDescription,
  SwitchRequest,
  ThrownSwitch,
} from './test-api/switch-types.ts'
export type {
  Aal,
  AuthenticationMethodName,
  ClockReading,
  CreatedSession,
  FixtureSource,
  IdentityBody,
  IdentityRequest,
  MailMessage,
  ProviderAnswer,
  RecordedExchange,
  SandboxSummary,
  ScenarioName,
  ScenarioSource,
  ScenarioSummary,
  SessionOptions,
  SessionRequest,
  SnapshotSummary,
  TupleObject,
  TupleText,
} from './test-api/types.ts'
