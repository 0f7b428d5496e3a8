{* A service in the client area. Everything that can change stands in two parts that the script replaces: the words, which are read aloud when they change, and the view below them. *}
{literal}
<style>
.metalease { text-align: left; color: inherit; line-height: 1.5; margin: 0 0 1rem; }
.metalease * { box-sizing: border-box; }
.metalease-box { border: 1px solid rgba(128, 128, 128, .35); border-left: 4px solid #8a939c; border-radius: 4px; padding: 16px 20px; }
.metalease-info .metalease-box { border-left-color: #2f80c2; }
.metalease-success .metalease-box { border-left-color: #2e9d58; }
.metalease-warning .metalease-box { border-left-color: #d9920a; }
.metalease h4 { font-size: 18px; font-weight: 600; line-height: 1.3; margin: 0 0 6px; color: inherit; }
.metalease p { font-size: 15px; margin: 0 0 8px; }
.metalease-view:empty { display: none; }
.metalease-bar { height: 12px; margin: 14px 0 6px; border-radius: 6px; background: rgba(128, 128, 128, .25); overflow: hidden; }
.metalease-bar span { display: block; height: 100%; border-radius: 6px; background: #2f80c2; transition: width .6s ease; }
.metalease-left { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; font-size: 14px; }
.metalease ol { list-style: none; margin: 14px 0 0; padding: 0; }
.metalease li { position: relative; margin: 0; padding: 4px 0 4px 30px; font-size: 15px; }
.metalease li::before { content: ""; position: absolute; left: 2px; top: 7px; width: 18px; height: 18px; border: 2px solid rgba(128, 128, 128, .6); border-radius: 50%; }
.metalease li.metalease-done::before { border-color: #2e9d58; background: #2e9d58; }
.metalease li.metalease-done::after { content: ""; position: absolute; left: 8px; top: 10px; width: 6px; height: 10px; border: solid #fff; border-width: 0 2px 2px 0; transform: rotate(45deg); }
.metalease li.metalease-now { font-weight: 600; }
.metalease li.metalease-now::before { border-color: #2f80c2; background: #2f80c2; animation: metalease-pulse 1.6s ease-in-out infinite; }
.metalease-warning li.metalease-now::before { border-color: #d9920a; background: #d9920a; animation: none; }
.metalease dl { display: grid; grid-template-columns: minmax(8em, max-content) 1fr; gap: 6px 20px; margin: 12px 0 0; font-size: 15px; }
.metalease dt { font-weight: 400; margin: 0; }
.metalease dd { margin: 0; font-family: SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.metalease dd span { display: block; }
.metalease dd.metalease-plain { font-family: inherit; }
.metalease-foot { margin: 14px 0 0 !important; font-size: 14px !important; }
.metalease p.metalease-news { margin: 12px 0 0; }
.metalease-news { padding: 8px 12px; border-left: 3px solid #2f80c2; background: rgba(128, 128, 128, .1); }
.metalease-news.metalease-bad { border-left-color: #d9920a; }
.metalease-part { margin: 18px 0 0; padding: 14px 0 0; border-top: 1px solid rgba(128, 128, 128, .3); }
.metalease h5 { font-size: 16px; font-weight: 600; line-height: 1.3; margin: 0 0 8px; color: inherit; }
.metalease-row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0 0; }
.metalease form { margin: 0; }
.metalease .btn { margin: 0; white-space: normal; }
.metalease summary { cursor: pointer; font-size: 16px; font-weight: 600; list-style: revert; display: list-item; }
.metalease dd summary { font-size: inherit; font-weight: 400; font-family: inherit; text-decoration: underline; list-style: none; }
.metalease dd details[open] summary { display: none; }
.metalease label { display: block; margin: 12px 0 0; font-size: 15px; font-weight: 400; max-width: 26em; text-align: left; overflow-wrap: anywhere; }
.metalease label.metalease-name { max-width: 34em; }
.metalease label .form-control { width: 100%; margin: 4px 0 0; display: block; }
.metalease summary + p { margin-top: 10px !important; }
.metalease-hint { font-size: 14px !important; opacity: .8; margin: 6px 0 0 !important; }
.metalease-usage { width: 100%; max-width: 640px; height: auto; display: block; margin: 8px 0 0; }
.metalease-usage text { font-size: 15px; fill: currentColor; text-anchor: middle; }
.metalease-in { fill: #2f80c2; } .metalease-out { fill: #2e9d58; }
.metalease-key::before { content: ""; display: inline-block; width: 11px; height: 11px; margin: 0 6px 0 0; border-radius: 2px; background: #2f80c2; }
.metalease-key.metalease-sent::before { background: #2e9d58; }
.metalease table { width: 100%; max-width: 640px; margin: 10px 0 0; font-size: 14px; border-collapse: collapse; background: none; }
.metalease th, .metalease td { padding: 4px 8px 4px 0; text-align: left; font-weight: 400; border: 0; border-bottom: 1px solid rgba(128, 128, 128, .25); vertical-align: top; }
.metalease-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip: rect(0, 0, 0, 0); white-space: nowrap; }
@keyframes metalease-pulse { 50% { opacity: .35; } }
@media (max-width: 480px) {
  .metalease-box { padding: 14px; }
  .metalease dl { grid-template-columns: 1fr; gap: 0; }
  .metalease dd { margin-bottom: 8px; }
  .metalease-usage text { font-size: 24px; }
}
@media (prefers-reduced-motion: reduce) {
  .metalease-bar span { transition: none; }
  .metalease li.metalease-now::before { animation: none; }
}
</style>
{/literal}
<div class="metalease metalease-{$metalease.tone|escape}" id="metalease-{$metalease.id|escape}" lang="{$metalease.text.locale|escape}" data-refresh="{if $metalease.refresh}yes{else}no{/if}">
  <div class="metalease-box">
    <div class="metalease-words" role="status" aria-live="polite">
      <h4>{$metalease.headline|escape}</h4>
      {foreach $metalease.reasons as $reason}
      <p>{$reason|escape}</p>
      {/foreach}
      {if $metalease.until}<p>{$metalease.kept.0|escape}<strong>{$metalease.until|escape}</strong>{$metalease.kept.1|escape}</p>{/if}
      {foreach $metalease.sentences as $sentence}
      <p>{$sentence|escape}</p>
      {/foreach}
    </div>
    <div class="metalease-view">
      {if $metalease.progress}
      <div class="metalease-bar" role="progressbar" aria-label="{$metalease.progress.label|escape}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{$metalease.progress.percent|escape}" aria-valuetext="{$metalease.progress.value|escape}"><span style="width: {$metalease.progress.percent|escape}%"></span></div>
      <div class="metalease-left"><span>{$metalease.progress.percent|escape}&nbsp;%</span><span>{$metalease.progress.left|escape}</span></div>
      {/if}
      {if $metalease.steps}
      <ol>
        {foreach $metalease.steps as $step}
        <li class="metalease-{$step.state|escape}"{if $step.state eq 'now'} aria-current="step"{/if}>{$step.label|escape}{if $step.state eq 'done'}<span class="metalease-unseen"> ({$metalease.text.step_done|escape})</span>{elseif $step.state eq 'now'}<span class="metalease-unseen"> ({$metalease.text.step_now|escape})</span>{/if}</li>
        {/foreach}
      </ol>
      {/if}
      {if $metalease.address || $metalease.hostname || $metalease.extra}
      <dl>
        {if $metalease.hostname}<dt>{$metalease.text.hostname|escape}</dt><dd>{$metalease.hostname|escape}</dd>{/if}
        {if $metalease.address}<dt>{$metalease.text.main_ip|escape}</dt><dd>{$metalease.address|escape}</dd>{/if}
        {if $metalease.extra}<dt>{$metalease.text.extra_ips|escape}</dt><dd>{foreach $metalease.extra as $address}<span>{$address|escape}</span>{/foreach}</dd>{/if}
      </dl>
      {/if}
      {if $metalease.refresh}
      <p class="metalease-foot"><span class="metalease-auto" hidden>{$metalease.text.refreshes|escape} </span><a href="clientarea.php?action=productdetails&amp;id={$metalease.id|escape}">{$metalease.text.refresh|escape}</a></p>
      {/if}
    </div>
    {if $metalease.controls}
    {assign var=c value=$metalease.controls}
    <div class="metalease-news-part">
      {if $c.said}<p class="metalease-news" role="status">{$c.said|escape}</p>{/if}
      {if $c.problem}<p class="metalease-news metalease-bad">{$c.problem|escape}</p>{/if}
      {if $c.busy}<p class="metalease-news">{$c.busy|escape}</p>{/if}
    </div>
    <div class="metalease-controls" data-state="{$c.state|escape}">
      {if $c.power}
      <div class="metalease-part">
        <h5>{$c.text.power_title|escape}: <span class="metalease-power">{$c.power|escape}</span></h5>
        {if $c.buttons}
        <form class="metalease-row" method="post" action="clientarea.php?action=productdetails">
          <input type="hidden" name="id" value="{$metalease.id|escape}"><input type="hidden" name="modop" value="custom"><input type="hidden" name="a" value="clientpower"><input type="hidden" name="token" value="{$c.token|escape}"><input type="hidden" name="click" value="{$c.clicks.0|escape}">
          {foreach $c.buttons as $action => $label}
          <button type="submit" name="power" value="{$action|escape}" class="btn btn-default btn-secondary">{$label|escape}</button>
          {/foreach}
        </form>
        {/if}
      </div>
      {/if}
      {if $c.login || $c.doors}
      <div class="metalease-part">
        <h5>{$c.text.access_title|escape}</h5>
        {if $c.doors}
        <form class="metalease-row" method="post" action="modules/servers/metalease/signon.php" target="_blank" rel="noopener">
          <input type="hidden" name="id" value="{$metalease.id|escape}"><input type="hidden" name="as" value="client"><input type="hidden" name="token" value="{$c.token|escape}">
          <button type="submit" name="target" value="panel" class="btn btn-default btn-secondary">{$c.text.do_panel|escape}</button>
          <button type="submit" name="target" value="console" class="btn btn-default btn-secondary">{$c.text.do_console|escape}</button>
        </form>
        {/if}
        {if $c.login}
        <dl>
          {if $c.login.panel}<dt>{$c.text.access_panel|escape}</dt><dd><a href="{$c.login.panel|escape}" rel="noopener noreferrer" target="_blank">{$c.login.panel|escape}</a></dd>{/if}
          {if $c.login.account}
          <dt>{$c.text.access_account|escape}</dt><dd>{$c.login.account|escape}</dd>
          <dt>{$c.text.access_account_password|escape}</dt><dd{if !$c.login.account_password} class="metalease-plain"{/if}>{if $c.login.account_password}<details><summary>{$c.text.access_show|escape}</summary>{$c.login.account_password|escape}</details>{else}{$c.login.account_had|escape}{/if}</dd>
          {/if}
          <dt>{$c.text.access_user|escape}</dt><dd>{$c.login.user|escape}</dd>
          {if $c.login.password}<dt>{$c.text.access_password|escape}</dt><dd><details><summary>{$c.text.access_show|escape}</summary>{$c.login.password|escape}</details></dd>{/if}
        </dl>
        <p class="metalease-hint">{$c.text.access_note|escape}</p>
        {/if}
      </div>
      {/if}
      {if $c.usage}
      <div class="metalease-part">
        <h5>{$c.text.usage_title|escape}</h5>
        {if $c.usage.volumes}
        <div class="metalease-row"><span class="metalease-key">{$c.text.usage_in|escape}</span><span class="metalease-key metalease-sent">{$c.text.usage_out|escape}</span></div>
        <svg class="metalease-usage" viewBox="0 -4 {$c.usage.width|escape} {$c.usage.height+34|escape}" role="img" aria-label="{$c.text.usage_title|escape}">
          {foreach $c.usage.bars as $bar}
          {if $bar.known}
          <rect class="metalease-in" x="{$bar.in.x|escape}" y="{$bar.in.y|escape}" width="24" height="{$bar.in.height|escape}"></rect>
          <rect class="metalease-out" x="{$bar.out.x|escape}" y="{$bar.out.y|escape}" width="24" height="{$bar.out.height|escape}"></rect>
          {else}
          <text x="{$bar.x|escape}" y="{$c.usage.height-6|escape}">?</text>
          {/if}
          <text x="{$bar.x|escape}" y="{$c.usage.height+24|escape}">{$bar.short|escape}</text>
          {/foreach}
          <line x1="0" x2="{$c.usage.width|escape}" y1="{$c.usage.height|escape}" y2="{$c.usage.height|escape}" stroke="currentColor" stroke-opacity=".4"></line>
        </svg>
        {/if}
        <table>
          <thead><tr><th scope="col">{$c.text.usage_month|escape}</th><th scope="col">{$c.text.usage_in|escape}</th><th scope="col">{$c.text.usage_out|escape}</th><th scope="col">{$c.text.usage_p95|escape}</th></tr></thead>
          <tbody>
          {foreach $c.usage.bars as $bar}
          <tr><td>{$bar.label|escape}{if $bar.part} ({$c.text.usage_part|escape}){/if}</td><td>{$bar.received|escape}</td><td>{$bar.sent|escape}</td><td>{$bar.p95|escape}</td></tr>
          {/foreach}
          </tbody>
        </table>
      </div>
      {/if}
      {if $c.names}
      <details class="metalease-part">
        <summary>{$c.text.names_title|escape}</summary>
        <p class="metalease-hint">{$c.text.names_note|escape}</p>
        <form method="post" action="clientarea.php?action=productdetails">
          <input type="hidden" name="id" value="{$metalease.id|escape}"><input type="hidden" name="modop" value="custom"><input type="hidden" name="a" value="clientnames"><input type="hidden" name="token" value="{$c.token|escape}"><input type="hidden" name="click" value="{$c.clicks.1|escape}">
          {foreach $c.names as $ip => $name}
          <label class="metalease-name">{$ip|escape}<input type="text" class="form-control" name="names[{$ip|escape}]" value="{$name|escape}" maxlength="253" autocomplete="off" spellcheck="false"></label>
          {/foreach}
          <div class="metalease-row"><button type="submit" class="btn btn-default btn-secondary">{$c.text.do_names|escape}</button></div>
        </form>
      </details>
      {/if}
      {if $c.templates}
      <details class="metalease-part">
        <summary>{$c.text.reinstall_title|escape}</summary>
        <p class="metalease-news metalease-bad">{$c.text.reinstall_lost|escape}</p>
        <form method="post" action="clientarea.php?action=productdetails" autocomplete="off">
          <input type="hidden" name="id" value="{$metalease.id|escape}"><input type="hidden" name="modop" value="custom"><input type="hidden" name="a" value="clientreinstall"><input type="hidden" name="token" value="{$c.token|escape}"><input type="hidden" name="click" value="{$c.clicks.2|escape}">
          <label>{$c.text.reinstall_template|escape}<select name="template" class="form-control custom-select">{foreach $c.templates as $id => $label}<option value="{$id|escape}"{if $id eq $c.template} selected{/if}>{$label|escape}</option>{/foreach}</select></label>
          <label>{$c.text.reinstall_password|escape}<input type="password" class="form-control" name="password" minlength="{$c.shortest|escape}" maxlength="{$c.longest|escape}" autocomplete="new-password" required aria-describedby="metalease-rules"></label>
          <p class="metalease-hint" id="metalease-rules">{$c.rules|escape}</p>
          <label>{$c.text.reinstall_again|escape}<input type="password" class="form-control" name="again" minlength="{$c.shortest|escape}" maxlength="{$c.longest|escape}" autocomplete="new-password" required></label>
          <label>{$c.confirm.0|escape}<strong>{$c.host|escape}</strong>{$c.confirm.1|escape}<input type="text" class="form-control" name="confirm" maxlength="253" autocomplete="off" autocapitalize="none" spellcheck="false" required></label>
          <div class="metalease-row"><button type="submit" class="btn btn-danger">{$c.text.do_reinstall|escape}</button></div>
        </form>
      </details>
      {/if}
    </div>
    {/if}
  </div>
</div>
{if $metalease.refresh}
{literal}
<script>
(function () {
  var root = document.querySelector('.metalease[data-refresh="yes"]');
  if (!root || !window.fetch || !window.DOMParser || root.metaleaseFollows) { return; }
  root.metaleaseFollows = true;
  var page = 'clientarea.php?action=productdetails&id=' + root.id.replace('metalease-', '');
  var shortest = 5, longest = 60, pause = shortest; // seconds

  function part(of, name) { return of.querySelector('.metalease-' + name); }

  function put(fresh, name) {
    var changed = part(root, name).innerHTML !== part(fresh, name).innerHTML;
    if (changed) { part(root, name).innerHTML = part(fresh, name).innerHTML; }
    return changed;
  }

  // What somebody is typing into stays as it is.
  function controls(fresh) {
    var old = part(root, 'controls'), now = part(fresh, 'controls');
    if (!old || !now) {
      if (old || now) { root.querySelector('.metalease-box').innerHTML = fresh.querySelector('.metalease-box').innerHTML; }
      return;
    }
    put(fresh, 'news-part');
    if (old.getAttribute('data-state') !== now.getAttribute('data-state')) {
      if (!old.contains(document.activeElement)) { old.replaceWith(now); }
    } else if (part(root, 'power') && part(fresh, 'power')) {
      put(fresh, 'power');
    }
  }

  function promise() {
    var auto = part(root, 'auto');
    if (auto) { auto.hidden = false; }
  }

  // The customer may have been logged out: then the page holds no service, and the link stays.
  function show(html) {
    var fresh = new DOMParser().parseFromString(html, 'text/html').getElementById(root.id);
    if (!fresh) { root.setAttribute('data-refresh', 'no'); part(root, 'auto').hidden = true; return; }
    root.className = fresh.className;
    root.setAttribute('data-refresh', fresh.getAttribute('data-refresh'));
    controls(fresh);
    put(fresh, 'view');
    promise();
    pause = put(fresh, 'words') ? shortest : Math.min(pause * 1.2, longest / 2);
  }

  function look() {
    if (document.hidden) { return document.addEventListener('visibilitychange', look, { once: true }); }
    fetch(page, { credentials: 'same-origin', cache: 'no-store' })
      .then(function (reply) { if (!reply.ok) { throw reply; } return reply.text(); })
      .then(show)
      .catch(function () { pause = Math.min(pause * 2, longest); })
      .then(follow);
  }

  function follow() {
    if (root.getAttribute('data-refresh') === 'yes') { window.setTimeout(look, pause * 1000); }
  }

  promise();
  follow();
})();
</script>
{/literal}
{/if}
