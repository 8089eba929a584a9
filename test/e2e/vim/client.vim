" A session of ALE with the server, on the Dockerfile of the current folder. Each check prints "ok NAME" or
" "not ok NAME: detail". ALE knows no codeAction/resolve, so this shows as well that such a client gets its edits at once.
filetype plugin on
packadd ale

function! s:say(line) abort
  echomsg substitute(a:line, '\n', ' ', 'g')
endfunction

function! s:check(name, ok, detail) abort
  if a:ok
    return s:say('ok ' . a:name)
  endif
  call s:say('not ok ' . a:name . ': ' . string(a:detail))
  cquit
endfunction

" Asks again and again, at most twenty seconds, until the function answers something true, which is returned.
function! s:wait(answers) abort
  for _ in range(400)
    let l:answer = a:answers()
    if !empty(l:answer)
      return l:answer
    endif
    sleep 50m
  endfor
  return a:answers()
endfunction

function! s:findings() abort
  return get(get(g:ale_buffer_info, bufnr(''), {}), 'loclist', [])
endfunction

function! s:finding(rule) abort
  return get(filter(copy(s:findings()), {_, each -> get(each, 'code', '') is# a:rule}), 0, {})
endfunction

" The actions at a place. ALE shows them in its menu by the same call.
function! s:actions(line, column) abort
  let s:heard = {}
  call cursor(a:line, a:column)
  call ale#codefix#Execute(0, {data, items -> extend(s:heard, {'data': data, 'items': items})})
  call s:wait({-> s:heard})
  return map(get(s:heard, 'items', []), {_, item -> item[1]})
endfunction

function! s:perform(action) abort
  call ale#codefix#ApplyLSPCodeAction(s:heard.data, a:action)
endfunction

function! s:titles(actions) abort
  return map(copy(a:actions), {_, action -> action.title})
endfunction

" What docs/editors.md says, with this build of the server.
call ale#linter#Define('dockerfile', {
\   'name': 'plimsoll',
\   'lsp': 'stdio',
\   'executable': $NODE_PROGRAM,
\   'command': '%e ' . $LANGUAGE_SERVER . ' --stdio',
\   'project_root': {buffer -> expand('#' . buffer . ':p:h')},
\   'lsp_config': {'plimsoll': {'rules': {'dev-dependencies-in-final-stage': 'off'}}},
\})
let g:ale_linters = {'dockerfile': ['plimsoll']}

function! s:main() abort
  edit Dockerfile
  call s:check('the file is a Dockerfile', &filetype is# 'dockerfile', &filetype)
  call ale#Queue(0)
  let l:found = s:wait({-> s:finding('base-image-latest-tag')})
  call s:check('the moving tag is reported', !empty(l:found), s:findings())
  call s:check('its range is the image', [l:found.lnum, l:found.col, l:found.end_col] == [1, 6, 16], l:found)
  call s:check('a rule that is switched off is silent', empty(s:finding('dev-dependencies-in-final-stage')), s:findings())

  let l:actions = s:actions(1, 8)
  let l:preferred = get(filter(copy(l:actions), {_, action -> get(action, 'isPreferred')}), 0, {})
  call s:check('one quick fix is preferred', !empty(l:preferred), s:titles(l:actions))
  call s:check('the quick fix has an edit', has_key(l:preferred, 'edit'), l:preferred)
  call s:perform(l:preferred)
  call s:check('the quick fix pins the image', getline(1) is# 'FROM node:26', getline(1, '$'))
  call ale#Queue(0)
  call s:wait({-> empty(s:finding('base-image-latest-tag'))})
  call s:check('its finding disappears', empty(s:finding('base-image-latest-tag')), s:findings())

  let l:all = filter(s:actions(2, 1), {_, action -> action.title =~# 'Apply all safe fixes'})
  call s:check('fix all is offered', len(l:all) == 1, s:titles(l:all))
  call s:perform(l:all[0])
  call s:check('fix all mends what is safe', getline(2) =~# 'mode=0400', getline(1, '$'))

  silent write
  let l:job = values(ale#lsp#GetConnections())[0].job_id
  ALEStopAllLSPs
  call s:wait({-> !ale#job#IsRunning(l:job)})
  call s:check('the server stops when asked', !ale#job#IsRunning(l:job), 'still running')
endfunction

try
  call s:main()
catch
  call s:say('error ' . v:exception . ' ' . v:throwpoint)
  cquit
endtry
qall!
