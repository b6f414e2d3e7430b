const TEXT = { type: 'string' } as const

const HEADERS = {
  type: 'object',
  description: 'Names in lower case; a list where a header came more than once, and always for set-cookie.',
  additionalProperties: { oneOf: [TEXT, { type: 'array', items: TEXT }] },
} as const

const MESSAGE = {
  headers: HEADERS,
  body: { description: 'JSON where it is JSON, else text; absent when there was none.' },
  omitted: { ...TEXT, description: 'Why the body is not shown: what cannot be read cannot be masked.' },
} as const

const VIOLATION = {
  type: 'object',
  required: ['side', 'in', 'pointer', 'message'],
  properties: {
    side: { enum: ['request', 'response'] },
    in: { enum: ['body', 'query', 'path', 'header', 'cookie', 'media-type', 'status'] },
    pointer: { ...TEXT, description: 'A JSON Pointer into that part, or the name of the header; "" for all of it.' },
    message: TEXT,
  },
} as const

/** JSON Schema of one exchange: what `GET /__mock/journal` lists, and a line of the file of `--journal`. */
export const JOURNAL_ENTRY = {
  type: 'object',
  description: 'One exchange: an item of this list, and a line of the file that --journal writes.',
  required: [
    'id',
    'sandbox',
    'at',
    'duration',
    'method',
    'path',
    'status',
    'violations',
    'switches',
    'noted',
    'request',
    'response',
  ],
  properties: {
    id: { type: 'integer', description: 'Counts up from 1 in each sandbox.' },
    sandbox: TEXT,
    at: { ...TEXT, format: 'date-time', description: "By the sandbox's clock." },
    duration: { type: 'number', description: 'Milliseconds of the machine, until the answer was sent.' },
    method: TEXT,
    path: { ...TEXT, description: "With query, without the sandbox's prefix." },
    operation: { ...TEXT, description: 'The operationId; absent where no operation answers the route.' },
    status: { type: 'integer' },
    fault: {
      enum: ['hang', 'reset', 'half'],
      description: 'How a switch kept the answer from arriving; status and response are what would have come.',
    },
    violations: { type: 'array', items: VIOLATION },
    switches: { type: 'array', items: TEXT, description: 'The switches that met the call.' },
    noted: { type: 'array', items: TEXT, description: 'Query parameters that the document does not know.' },
    request: {
      type: 'object',
      required: ['url', 'headers'],
      properties: { url: { ...TEXT, description: 'With host, sandbox and query.' }, ...MESSAGE },
    },
    response: { type: 'object', required: ['headers'], properties: MESSAGE },
  },
} as const
