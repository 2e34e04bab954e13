/** English texts of findings about a flow. */
export const problemsWords = {
  problems: {
    button_one: '{{count}} problem',
    button_other: '{{count}} problems',
    none: 'No problems',
    error: 'Error',
    warning: 'Warning',
  },
  problem: {
    flow_empty: { message: 'The flow has no steps.', fix: 'Add a source.' },
    no_source: { message: 'The flow has no source.', fix: 'Add a source.' },
    duplicate_node_id: {
      message: 'Two steps of this flow have the same id.',
      fix: 'Delete one of them and add it again.',
    },
    unknown_node_type: {
      message: 'A step is of a kind that is not installed here ({{type}}).',
      fix: 'Install the node type, or delete the step.',
    },
    node_type_version: {
      message: 'The step was made by a newer version of Heddle.',
      fix: 'Update Heddle, or add the step again.',
    },
    bad_setting: {
      message: 'A setting of the step is missing or not valid.',
      fix: 'Open the step and correct the setting.',
    },
    port_not_connected: {
      message: 'Nothing is connected to “{{port}}” of “{{node}}”.',
      fix: 'Draw a wire to it from an earlier step, or delete the step.',
    },
    wire_unknown_node: {
      message: 'A wire has a loose end.',
      fix: 'Delete the wire and draw it again.',
    },
    wire_unknown_port: {
      message: 'A wire starts or ends where nothing can be connected any more.',
      fix: 'Delete the wire and draw it again.',
    },
    wire_wrong_kind: {
      message:
        '“{{to}}” needs people, but “{{from}}” gives records that are not matched to people yet.',
      fix: 'Put an identity match between them.',
    },
    wire_port_full: {
      message: '“{{port}}” of “{{node}}” takes one wire, but several end there.',
      fix: 'Put a step that merges branches before it.',
    },
    cycle: {
      message: 'Some steps feed each other in a loop.',
      fix: 'Delete one of the wires of the loop.',
    },
    unknown_field: {
      message: 'The field “{{field}}” does not exist where the step stands.',
      fix: 'Choose a field that exists on this way, or make it in an earlier step.',
    },
    unreachable_node: {
      message: 'No source leads to this step.',
      fix: 'Connect it, or delete it.',
    },
    no_consent_filter: {
      message: 'Data reaches this step without a consent filter for what it is used for.',
      fix: 'Put a consent filter before it, on every way.',
    },
    live_and_other_source: {
      message: 'A live flow has one source, so "{{node}}" cannot be in it.',
      fix: 'Move it to a flow of its own.',
    },
    live_needs_all: {
      message: '"{{node}}" needs all records before it can begin, but live events never end.',
      fix: 'Take it out, or move it to a flow that runs over files.',
    },
    live_with_schedule: {
      message: 'A live flow goes on by itself, so it needs no schedule.',
      fix: 'Take the schedule away.',
    },
    raw_personal_data: {
      message: '“{{node}}” sends “{{field}}” in readable form.',
      fix: 'Leave the field out, hash it first, or confirm that the receiver needs it readable.',
    },
    sensitive_profiling: {
      message: '“{{node}}” sorts people by sensitive traits ({{traits}}) without their consent.',
      fix: 'Put a consent filter for profiling on every way before it, or leave the trait out.',
    },
    nothing_leaves: {
      message: 'What is read here goes nowhere.',
      fix: 'Draw a wire to the next step.',
    },
  },
}
