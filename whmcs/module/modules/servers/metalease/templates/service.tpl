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
.metalease-foot { margin: 14px 0 0 !important; font-size: 14px !important; }
.metalease-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip: rect(0, 0, 0, 0); white-space: nowrap; }
@keyframes metalease-pulse { 50% { opacity: .35; } }
@media (max-width: 480px) {
  .metalease-box { padding: 14px; }
  .metalease dl { grid-template-columns: 1fr; gap: 0; }
  .metalease dd { margin-bottom: 8px; }
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
      <div class="metalease-bar" role="progressbar" aria-label="{$metalease.text.progress_label|escape}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{$metalease.progress.percent|escape}" aria-valuetext="{$metalease.progress.value|escape}"><span style="width: {$metalease.progress.percent|escape}%"></span></div>
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
