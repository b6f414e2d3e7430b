/** A schema that cannot be compiled: a reference to nothing, a pattern that is none. The message says where. */
export class SchemaError extends Error {}
