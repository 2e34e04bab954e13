/** The version people see: in the API, the command line and the changelog. */
export const VERSION = '0.1.0'
