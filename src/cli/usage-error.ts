/** The user asked for something that cannot be done: the message is one sentence, and all that is printed. */
export class UsageError extends Error {}
