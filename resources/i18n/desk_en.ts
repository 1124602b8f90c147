<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="zh_CN">
<context>
    <name></name>
    <message>
        <source>两遍口令不一样。请把第二遍重新输入。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>选定事项后给出</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>承诺当场办结</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>承诺 %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1（暂定）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>年-月-日</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>事项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>材料</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>单位名称</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>统一社会信用代码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>信用代码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>法定代表人</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>手机</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>法定代表人证件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>法定代表人证件号码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>姓名</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>证件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>证件号码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>地址</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>代办人姓名</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>代办人手机</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>代办人证件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>代办人证件号码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>委托依据（授权委托书日期或编号）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>委托依据</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>请选择</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有找到打印机。请接好打印机，再按 F8 选打印机。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>材料接收凭证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有找到能打 A4 的打印机。请接好打印机，再按 F7。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>一次性告知单</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>一次性告知单已送打印机“%1”。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>要交</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已收</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 页未勾</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>待交</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>可容缺</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>视情况</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>要求</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>状态</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>材料清单</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>第 %1 页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1，%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>未归入材料</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有接扫描仪。请把文件拖进来，或按 Ctrl+O 选文件。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>正在扫描 第 1 页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>请先选事项，再放文件。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>选文件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>正在扫描 第 %1 页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>第 %1 页已删掉。按 Ctrl+Z 找回。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>拿到凭证了</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>先办下一位</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>换打印机</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>凭证正在送打印机…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 也可以按 F9 先办下一位，凭证以后在“今日”里打。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>请选一台打印机，按 Enter 打印凭证。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>凭证已送打印机“%1”。拿到纸了按 F9；没出来按 F8 换打印机。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有出纸</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>还没有扫描页。按 F4 扫描，或把文件拖进来。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>正在打开这一页…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>接收凭证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>选定事项后，这里显示接收凭证。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>接收凭证，编号确认后给出</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>按 ↑ ↓ 看事项，这里显示一次性告知单。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>一次性告知单：%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>再按 F7 打印一次性告知单，按 F5 回到预览。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1（等凭证）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已收件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>新收件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1（草稿）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>事项换回“%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>这一页来得太晚，收件已经完成。请在办件里补充材料。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>第 %1 页转回原样</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>第 %1 页挪回原处</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>第 %1 页已找回</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>第 %1 页归回原处</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>即办</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>承诺 %1 个工作日</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>材料 %1 种</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>收费</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>不收费</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>街道决定</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>街道初审，区里决定</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>验原件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>原件 %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>复印件 %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>未填份数</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>今天已办 %1 件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>上次 今天 %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>上次 昨天</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>上次 %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 等</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>还有 %1 处要改：%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>还有 %1 处要填：%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>全部</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>今天到期、逾期</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>今天到期</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>凭证待确认</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>明天到期</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 到期</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>时限</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>收件编号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>申请人</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>阶段</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>下一步</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>扫描件 %1/%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>请核对</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>请升级</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>为什么是今天</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>为什么是 %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>承诺办结</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>法定办结</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>联系电话</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>代办人</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>收件窗口</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>当场办结</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>受理起 %1 个工作日</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 种 %2 页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>，%1 种容缺</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>，%1 种未交</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 ・ %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>凭证还没有打出来。请按 F9 打印。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>凭证已送打印机。纸在手里了按 F9，没出来按 F8。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>凭证已打印，补打 %1 次，最近 %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>凭证 %1 已打印</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>凭证已打印</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>需要处理</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>等上一步处理好</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>中心退回</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>需您确认</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>排在后面</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>同事转交</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>这一步没有被中心采纳：%1 的“%2”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>这一步要您确认：%1 的“%2”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>这一步排在后面：%1 的“%2”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>同事转交给您：%1 的“%2”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>原因：%1%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>打印结果不明：%1 送打印机的凭证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>不用办，等着就行；也可以</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>怎么办？选一种</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>怎么办</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>打开今日里的这个办件，回答纸拿到了没有。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>去确认凭证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>改后重做</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>交给主管</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>撤回这一步</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>现在重做也不会被采纳，请看上面的原因。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>打开收件，已填的和扫描件都在；新的一步会注明接替这一步。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>按办件现在的情况再办一次“%1”，新的一步会注明接替这一步。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已经交到主管这里。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>本街道还没有登记主管，请告诉系统管理员。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>连同原因交给主管 %1；您这里不再提醒。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>接收凭证已在申请人手中，先联系申请人收回，再撤回。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>不再收这一件；撤回本身也记录在案。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>不再办“%1”，办件保持中心现状；撤回本身也记录在案。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>您做的</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>做了什么</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>中心现状</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>纸面</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有丢失</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>时间</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>办件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>这一步</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1，已打印</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已发出</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>待发</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>独立运行 · 数据存本机</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已连接中心库</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>线路断开</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>线路断开 %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>待发 %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · %2 已同步</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>待发 %1 步 · 本机已保存 · %2 秒后自动再连</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>本机程序要升级了，先不收新件。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已做的照常发出。请系统管理员升级本机。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1，照常接待。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>凭证上的时间会不准。请系统管理员校准。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>做的每一步都存在本机，连上后自动发出。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已做的 %1 步都存在本机，连上后自动发出。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>本机时钟比中心慢 %1。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>本机时钟比中心快 %1。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AdminsStep</name>
    <message>
        <source>管理员</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>两个人，各记各的口令</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ApplicantCard</name>
    <message>
        <source>申请人</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>个人</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>单位</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>申请人类型</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>代办人到场</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ApplicantTabs</name>
    <message>
        <source>换另一位</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Attention</name>
    <message>
        <source>这一步的情况</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>怎么办？选一种</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已联系申请人，收回接收凭证</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AttentionWorkspace</name>
    <message>
        <source>需要处理的步骤</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>需处理</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>需要处理</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>看办件全文</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>改后重做</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter 照这样办 ・ Esc 回到列表</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>↑ ↓ 选一项 ・ Enter 进到右边</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 项等您处理</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有等您处理的</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 项排队</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>中心没有采纳的步骤会列在这里</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>现在没有。您做的每一步都存在本机，不会丢。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已重做“%1”。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已交给主管。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1”已撤回，记录在案。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Badge</name>
    <message>
        <source>%1（暂定）</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ChipButton</name>
    <message>
        <source>%1 %2 件</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ClerkStep</name>
    <message>
        <source>窗口人员</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>今天就能开窗收件的那位</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CountsLine</name>
    <message>
        <source>留存原件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>实收&#x3000;原件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>复印件</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DayRuler</name>
    <message>
        <source>止</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>收件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>停</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>休</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>逐日计算</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>…
%1 天</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DeadlineCard</name>
    <message>
        <source>答复期限</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>今天受理</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 个工作日</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 24 时止</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DeadlineLine</name>
    <message>
        <source>为什么</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4 答复期限</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1（暂定）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 24 时止</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>今天受理：%1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>这个条码不认识。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>请扫凭证上的条码，或按 F3 输入编号。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>本机独立运行，没有接中心库。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>收件、打印、查找照常，数据都存在本机。再按 F11 收起。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Enrolment</name>
    <message>
        <source>接入中心库</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>照管理员给的接入单填写。接入码只能用一次，30 分钟内有效。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>返回</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EnrolmentForm</name>
    <message>
        <source>例如 db.example:5432，多台用逗号隔开</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>管理员给的 CA 证书（.pem）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>输入，或用扫码枪扫接入单</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>例如 2 号窗口</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>选证书文件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>证书 (*.pem *.crt *.cer)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>还没有选证书文件。请按 Ctrl+O 选管理员给的 CA 证书。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>这个位置没有证书文件。请按 Ctrl+O 重新选。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>证书文件读不出来。请换一份，或拷到本机再选。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>中心库地址</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>证书文件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>选文件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>接入码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>窗口名称</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EnrolmentPage</name>
    <message>
        <source>正在接入中心库…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter 下一格</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExitButton</name>
    <message>
        <source>建议</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FaultNotice</name>
    <message>
        <source>这一步没有做完</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>这里要您看一下</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>遇到了没有预料到的情况。已确认的办件都存在本机，没有丢失；可以接着办。再遇到时，请把编号 %1 告诉管理员。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>日志没有存到那里。请换一个文件夹再存。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>日志已保存，请交给管理员。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>保存日志</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>一窗办</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>h1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>接着办</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Field</name>
    <message>
        <source>%1（%2）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1&#x3000;选填</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilterChips</name>
    <message>
        <source>筛选</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Founding</name>
    <message>
        <source>一窗办</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>第一次使用</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 街道</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2 管理员</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>3 窗口人员</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4 编号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>5 核对</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>样例数据</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>接入已有的中心库</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>上一步</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>下一步</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FoundingAdmins</name>
    <message>
        <source>系统管理员</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>建账号、管设备和备份，自己不办件。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>登录名</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>姓名</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>口令（至少 12 个字符）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>再输一遍口令</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>安全管理员</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>给人定岗位、查权限。两位管理员不能是同一人。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FoundingClerk</name>
    <message>
        <source>第一位窗口人员</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>收件、打印凭证。其他同事以后由管理员添加。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>登录名</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>姓名</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>口令（至少 12 个字符）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>再输一遍口令</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FoundingReview</name>
    <message>
        <source>街道</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>改这一步</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>街道名称</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>机关全称</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>街道代码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>咨询电话</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>监督电话</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>办公地址</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>办公时间</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>管理员</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>系统管理员</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>安全管理员</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>窗口人员</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>编号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>号段</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>编号样子</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>口令不在这里显示</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>三个人的口令请各人自己记住，程序里哪里也看不到。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FoundingSeries</name>
    <message>
        <source>号段是这台电脑专用的 4 位数，街道里别的电脑不能再用。有了它，没有网络也能给号，不会重。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>号段（4 位数字）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>今天的第一个收件编号会是</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>街道代码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>收件日期</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>号段</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>当天第几件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>校验位</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FoundingStreet</name>
    <message>
        <source>凭证上印的就是这些字，请照机构代码证填写。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>街道名称</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>机关全称</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>街道代码（3 位数字）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>办公时间</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>咨询电话</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>监督电话</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>办公地址</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FoundingWizard</name>
    <message>
        <source>正在建立街道，请稍候…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>建立街道</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>下一步</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter 下一格 ・ Esc 上一步，已填的都留着</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>还有 %1 处要改：%2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Front</name>
    <message>
        <source>一窗办</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HelpButton</name>
    <message>
        <source>按键</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>全部按键</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IntakeWorkspace</name>
    <message>
        <source>收件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>先选事项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>都齐了，按 F9 收件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>扫描</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>停止扫描</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>选文件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>一次性告知单</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>收件并打印凭证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>预览</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>现在只有这一位。按 F2 新收件。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>草稿没有存上</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>事项已换。按 Ctrl+Z 换回“%1”。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已撤销：%1。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>改后重做：接替中心退回的那一件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>收件编号在确认后给出</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 要交 %2 种</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已齐 %1 / %2 种</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · %2 页</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ItemCard</name>
    <message>
        <source>事项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter 换事项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Esc 不换</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ItemFinder</name>
    <message>
        <source>找事项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>名称、拼音首字母或编码；↑ ↓ 选，Enter 确定</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有这个事项。请换成名称里的两个字，或拼音首字母。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>事项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>查到的事项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>常用和最近</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>全部事项，最近的在前</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Joining</name>
    <message>
        <source>接入中心库</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>照管理员给的接入单填写。接入码只能用一次，30 分钟内有效。本机的办件会全部送到中心，之后以中心为准。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JoiningWorkspace</name>
    <message>
        <source>接入</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>中心库</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>选证书文件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>接入中心库</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter 下一格 ・ 接入后不能再改回独立运行</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>最近同步</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>待发步数</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>正在接入中心库…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>已接入中心库，正在送出本机的办件。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>收件、打印、查找都在本机，别的窗口看不到。街道有了中心库，就可以接入。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>办件由中心库裁定，全街道的窗口都看得到。断线时照常收件，连上后自动发出。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeyOverlay</name>
    <message>
        <source>全部按键</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>按 Esc 收起</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Line</name>
    <message>
        <source>现在还能办什么</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有丢，也不用重做</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LineWorkspace</name>
    <message>
        <source>等着发出的步骤</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>线路</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>现在还能办什么</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>断线时还能办什么</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>看还能办什么</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>看等着发出的</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>立即再连</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>回到刚才的页面</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>线路恢复后本页自动收起</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>线路现在是通的 ・ Esc 回到刚才的页面</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>等着发出的 %1 步</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有等着发出的</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>还没发出的步骤会列在这里</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>每一步都先存在本机，再自动发出。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>断开超过 %1 分钟，请告诉系统管理员，报本机“%2”。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>正在再连…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LockPage</name>
    <message>
        <source>%1 的工作</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>还没有填口令。请输入口令。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>正在核对…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Locked</name>
    <message>
        <source>已锁屏</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>填到一半的内容都在，解锁后接着办。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>口令</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>换人</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>解锁</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MaterialsCard</name>
    <message>
        <source>材料</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>扫描页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>转正这一页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>撤销</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>删掉这一页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>选文件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1（%2）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>按 F4 扫描，把文件拖进来，或按 Ctrl+O 选文件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>还没有扫描页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>选定事项后就能扫描</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>归入：%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>还没有归入</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PageStrip</name>
    <message>
        <source>扫描页</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PaperLine</name>
    <message>
        <source>已收件 %1，已存本机。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1（%2）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>用%1打印</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PasswordField</name>
    <message>
        <source>大写锁定开着。不需要的话请按 Caps Lock。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PreviewPanel</name>
    <message>
        <source>扫描页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>接收凭证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>预览</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>一次性告知单</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>打印</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>切换</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>停止</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>工作区</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReceiptCarrier</name>
    <message>
        <source>材料接收凭证</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReceiptWork</name>
    <message>
        <source>再打凭证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>补打凭证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>拿到纸了</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>打印凭证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没出来，再打</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有出纸</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>凭证已确认拿到。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有找到打印机。请接好打印机再打。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>凭证已送打印机“%1”。纸在手里了按 F9。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReviewStep</name>
    <message>
        <source>核对</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>看一遍，再建立街道</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>改这一步：%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>未填</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1，登录名 %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ScansLine</name>
    <message>
        <source>扫描件 %1/%2 上传中</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Segments</name>
    <message>
        <source>%1：%2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SeriesStep</name>
    <message>
        <source>编号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>收件编号怎么来</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>例如 0001</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>印成条码和 18 位数字，校验位能发现打错的一位。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>填好号段就能看到。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message>
        <source>换人，现在是 %1 %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>编号、姓名、事项、拼音，或扫条码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>h1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>样例数据</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sample</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Side</name>
    <message>
        <source>没出来，再打</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>补打凭证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>出了什么情况</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>为什么补打</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有出纸</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>例如 原件遗失</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter 下一格 ・ Esc 不打了</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SignIn</name>
    <message>
        <source>一窗办</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>样例数据</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>登录名</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>口令</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>登录</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>正在打开本机库…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>正在核对…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>还没有填登录名。请填您自己的登录名。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>还没有填口令。请输入口令。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter 下一格</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>独立运行 · 数据存本机</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>草稿 %1 已保存</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StreetStep</name>
    <message>
        <source>街道</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>这台电脑替哪个街道办件</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Today</name>
    <message>
        <source>回到全部</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>办件明细</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>本件有一步是本机程序还不认识的，现在只能看。请系统管理员升级本机程序。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>本件有一步的窗口签名核对不上，本机不再改动，现在只能看。请系统管理员用 onewindow-admin verify 核对。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>经过</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>原因</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>打印机</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TodayWorkspace</name>
    <message>
        <source>办件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>今日</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>新收件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>看明细</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>↑ ↓ 翻看 ・ Esc 回到列表</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>↑ ↓ 选办件 ・ Enter 打开</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>查找“%1”：%2 件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>没有找到“%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>请核对编号或姓名，再按 F3 查找。按 Esc 回到全部。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>这一类现在没有办件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>按 Esc 看全部。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>办件会列在这里，最急的在最上面</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>按 F2 收第一件。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>打开办件</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Trouble</name>
    <message>
        <source>本机库现在打不开</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>程序没有改动任何数据。照上面的办法处理好，再重新检查，就能接着办。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>本机库的位置</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>退出程序</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>重新检查</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>%1（%2）</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
