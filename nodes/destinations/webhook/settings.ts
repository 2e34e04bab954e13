/** Settings of the webhook, as marketers and engineers see them. */
import { z } from 'zod'
import { isTemplate } from './make-body.ts'

const targetSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('connection'),
      connection: z
        .string()
        .min(1, 'Choose a connection.')
        .meta({ title: 'Connection', widget: 'connection' }),
    }),
    z.strictObject({
      kind: z.literal('url'),
      url: z
        .url({ protocol: /^https?$/, error: 'Enter an address that begins with https://.' })
        .meta({ title: 'Address', placeholder: 'https://example.com/hook' }),
    }),
  ])
  .meta({ title: 'Send to', labels: { connection: 'Connection', url: 'Web address' } })

const headerSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'Use letters, digits and hyphens.')
    .refine(
      (name) => !/^(authorization|cookie|host|content-length|idempotency-key)$/i.test(name),
      'This header is set by Heddle or belongs into the connection.',
    )
    .meta({ title: 'Name' }),
  value: z
    .string()
    .max(1_000)
    .regex(/^[\t\x20-\x7e]*$/, 'A header holds plain letters, digits and signs only.')
    .meta({ title: 'Value' }),
})

export const webhookConfig = z
  .strictObject({
    target: targetSchema,
    method: z
      .enum(['POST', 'PUT', 'PATCH'])
      .default('POST')
      .meta({
        title: 'Method',
        labels: { POST: 'POST', PUT: 'PUT', PATCH: 'PATCH' },
        advanced: true,
      }),
    signature: z
      .enum(['none', 'standard', 'x_signature'])
      .default('none')
      .meta({
        title: 'Signature',
        description:
          'Lets the receiver check that a request is from here. Needs a connection with a signing secret.',
        labels: {
          none: 'none',
          standard: 'Standard Webhooks',
          x_signature: 'X-Signature (HMAC-SHA1)',
        },
      }),
    send: z
      .enum(['one', 'batch'])
      .default('one')
      .meta({ title: 'Each request holds', labels: { one: 'one record', batch: 'many records' } }),
    batchSize: z
      .int()
      .min(1)
      .max(1_000, 'At most 1,000 records fit in a request.')
      .default(100)
      .meta({ title: 'Most records in a request', showIf: { send: 'batch' } }),
    body: z
      .enum(['all', 'fields', 'template'])
      .default('all')
      .meta({
        title: 'Content',
        labels: { all: 'all fields', fields: 'chosen fields', template: 'a template' },
      }),
    fields: z
      .array(z.string().min(1))
      .max(500)
      .default([])
      .meta({ title: 'Fields', widget: 'fields', showIf: { body: 'fields' } }),
    template: z
      .string()
      .max(20_000)
      .default('')
      .meta({
        title: 'Template',
        description:
          'JSON in which names of fields, as in "{email}", are replaced by their values.',
        placeholder: '{"contact": {"email": "{email}"}}',
        widget: 'textarea',
        showIf: { body: 'template' },
      }),
    headers: z.array(headerSchema).max(20).default([]).meta({
      title: 'Headers',
      description: 'No secrets here: they belong into a connection.',
      advanced: true,
    }),
    ratePerSecond: z.number().min(0).max(10_000).default(20).meta({
      title: 'Most requests a second',
      description: 'Of all workers together. 0: no limit.',
      advanced: true,
    }),
    concurrency: z.int().min(1).max(50).default(8).meta({
      title: 'Requests at the same time',
      advanced: true,
    }),
    timeoutSeconds: z.int().min(1).max(60).default(10).meta({
      title: 'Time limit in seconds',
      advanced: true,
    }),
    maxAttempts: z.int().min(1).max(50).default(8).meta({
      title: 'Most attempts',
      advanced: true,
    }),
    purposes: z.array(z.string().min(1)).min(1, 'Choose what the data is used for.').max(20).meta({
      title: 'Used for',
      description: 'People must have consented to it on every way to this step.',
      widget: 'purposes',
    }),
    readable: z.boolean().default(false).meta({
      title: 'The receiver needs readable values',
      description: 'When off, you are warned of personal data that is sent in readable form.',
    }),
  })
  .superRefine(({ target, signature, body, fields, template }, context) => {
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (signature !== 'none' && target.kind === 'url')
      wrong('signature', 'A signature needs a connection, which keeps the signing secret.')
    if (body === 'fields' && fields.length === 0) wrong('fields', 'Choose at least one field.')
    if (body === 'template' && !isTemplate(template))
      wrong('template', 'The template is not valid JSON. Check its commas and quotation marks.')
  })
export type WebhookConfig = z.output<typeof webhookConfig>
