/** Chinese texts of findings about a flow. */
export const problemsWords = {
  problems: {
    button_one: '{{count}} 个问题',
    button_other: '{{count}} 个问题',
    none: '没有问题',
    error: '错误',
    warning: '警告',
  },
  problem: {
    flow_empty: { message: '流程没有步骤。', fix: '添加一个来源。' },
    no_source: { message: '流程没有来源。', fix: '添加一个来源。' },
    duplicate_node_id: { message: '流程中有两个步骤的标识相同。', fix: '删除其中一个后重新添加。' },
    unknown_node_type: {
      message: '有步骤的类型未在此安装（{{type}}）。',
      fix: '安装该节点类型，或删除此步骤。',
    },
    node_type_version: {
      message: '此步骤由更新版本的 Heddle 创建。',
      fix: '更新 Heddle，或重新添加此步骤。',
    },
    bad_setting: { message: '此步骤的一项设置缺失或无效。', fix: '打开步骤并更正设置。' },
    port_not_connected: {
      message: '“{{node}}”的“{{port}}”没有连接。',
      fix: '从前面的步骤画一条连线，或删除此步骤。',
    },
    wire_unknown_node: { message: '有一条连线的一端悬空。', fix: '删除连线后重画。' },
    wire_unknown_port: { message: '有一条连线的端点已不存在。', fix: '删除连线后重画。' },
    wire_wrong_kind: {
      message: '“{{to}}”需要人，但“{{from}}”给出的记录尚未匹配到人。',
      fix: '在两者之间放一个身份匹配。',
    },
    wire_port_full: {
      message: '“{{node}}”的“{{port}}”只接受一条连线，但有多条。',
      fix: '在其前面放一个合并分支的步骤。',
    },
    cycle: { message: '有些步骤互相循环。', fix: '删除循环中的一条连线。' },
    unknown_field: {
      message: '字段“{{field}}”在此步骤处不存在。',
      fix: '选择此路径上存在的字段，或在前面的步骤中生成它。',
    },
    unreachable_node: { message: '没有来源通向此步骤。', fix: '连接它，或删除它。' },
    no_consent_filter: {
      message: '数据未经相应用途的同意筛选就到达此步骤。',
      fix: '在每条路径上、此步骤之前放置同意筛选。',
    },
    live_and_other_source: {
      message: '实时流程只有一个来源，因此“{{node}}”不能放在其中。',
      fix: '把它移到单独的流程。',
    },
    live_needs_all: {
      message: '“{{node}}”需要全部记录才能开始，而实时事件不会结束。',
      fix: '将其移除，或移到基于文件的流程。',
    },
    live_with_schedule: {
      message: '实时流程会自行持续运行，不需要定时。',
      fix: '取消定时。',
    },
    raw_personal_data: {
      message: '“{{node}}”以可读形式发送“{{field}}”。',
      fix: '去掉该字段、先做哈希，或确认接收方需要可读的值。',
    },
    sensitive_profiling: {
      message: '“{{node}}”按敏感特征（{{traits}}）对人分类，但未经其同意。',
      fix: '在之前的每条路径上放置针对画像的同意筛选，或去掉该特征。',
    },
    nothing_leaves: { message: '这里读取的数据没有去处。', fix: '画一条到下一步骤的连线。' },
  },
}
