/** The names of ecosystem §4 that no server can switch on, each with the reason and with what to do instead. */
export const notSwitchable = {
  'connection-refused':
    'Who refuses a connection does not know which operation, sandbox or client it is for: the request has not been sent yet. Stop the server, or use "connection-reset" for one operation.',
} as const satisfies Record<string, string>
