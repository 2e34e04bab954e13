/** A consent record in the four parts of ISO/IEC TS 27560, with the names W3C's DPV maps them to. All
 *  fields the standard marks as mandatory are required here. */
import { z } from 'zod'

const text = z.string().min(1)

export const consentEventSchema = z.object({
  eventTime: z.iso.datetime(),
  /** Until when the choice counts; `until withdrawn` when nothing ends it. */
  validityDuration: text,
  entityId: text,
  eventType: z.enum(['explicit', 'signal', 'objection', 'restriction', 'default']),
  state: z.enum(['granted', 'denied', 'withdrawn', 'objected']),
  method: z.string().optional(),
  source: z.string().optional(),
  proof: z.string().optional(),
})

export const consentRecordSchema = z.object({
  header: z.object({
    schemaVersion: z.literal('ISO/IEC TS 27560:2023'),
    recordId: text,
    piiPrincipalId: text,
  }),
  processing: z.object({
    privacyNotice: text,
    language: text,
    purpose: text,
    purposeType: text,
    lawfulBasis: text,
    piiInformation: z.array(z.object({ piiType: text })).min(1),
    piiControllers: z.array(text).min(1),
    storageLocations: z.array(text).min(1),
    retentionPeriod: text,
    jurisdiction: text,
    recipientThirdParties: z.array(text),
    withdrawalMethod: text,
  }),
  partyIdentification: z
    .array(
      z.object({
        partyId: text,
        partyAddress: text,
        partyName: text,
        partyContact: text,
        partyType: z.enum(['controller', 'recipient']),
      }),
    )
    .min(1),
  events: z.array(consentEventSchema).min(1),
})
export type ConsentRecord = z.infer<typeof consentRecordSchema>
