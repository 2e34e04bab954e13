/** Plain JSON: the only shape that is stored, travels, or stands in a node's settings. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** The named values of one record, as a source read them or a transform made them. */
export type Fields = Record<string, Json>
