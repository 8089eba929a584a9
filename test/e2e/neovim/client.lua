-- A session of Neovim's own language client with the server, on the Dockerfile of the current folder. Each check prints
-- "ok NAME" or "not ok NAME"; it needs only what Neovim 0.7 has.
local function check(name, ok, detail)
  print((ok and 'ok ' or 'not ok ') .. name .. (ok and '' or ': ' .. tostring(detail)):gsub('\n', ' '))
  if not ok then error(name) end
end

local function text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
end

local function code_of(diagnostic)
  local lsp = diagnostic.user_data and diagnostic.user_data.lsp or {}
  return diagnostic.code or lsp.code
end

local function codes(buffer)
  return table.concat(vim.tbl_map(code_of, vim.diagnostic.get(buffer)), ' ')
end

local function has(buffer, code)
  return vim.tbl_contains(vim.tbl_map(code_of, vim.diagnostic.get(buffer)), code)
end

local function actions_for(buffer, client, diagnostic, only)
  local range = {
    start = { line = diagnostic.lnum, character = diagnostic.col },
    ['end'] = { line = diagnostic.end_lnum, character = diagnostic.end_col },
  }
  local original = diagnostic.user_data and diagnostic.user_data.lsp or {}
  local sent = {
    range = range, message = diagnostic.message, severity = diagnostic.severity, source = diagnostic.source,
    code = code_of(diagnostic), data = original.data,
  }
  local replies = vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', {
    textDocument = vim.lsp.util.make_text_document_params(buffer),
    range = range,
    context = { diagnostics = { sent }, only = only },
  }, 10000) or {}
  return (replies[client.id] or {}).result or {}
end

local function perform(buffer, client, action)
  if not action.edit and action.data then
    local replies = vim.lsp.buf_request_sync(buffer, 'codeAction/resolve', action, 10000) or {}
    action = (replies[client.id] or {}).result or action
  end
  if action.edit then vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding) end
  return action.edit ~= nil
end

local function titles(actions)
  return table.concat(vim.tbl_map(function(action) return action.title end, actions), ' | ')
end

local function main()
  vim.cmd('edit Dockerfile')
  vim.bo.filetype = 'dockerfile'
  local buffer = vim.api.nvim_get_current_buf()
  local id = vim.lsp.start_client({
    name = 'plimsoll',
    cmd = { vim.env.NODE_PROGRAM, vim.env.LANGUAGE_SERVER, '--stdio' },
    root_dir = vim.fn.getcwd(),
  })
  check('the server starts', id ~= nil, 'no client')
  vim.lsp.buf_attach_client(buffer, id)
  local client = vim.lsp.get_client_by_id(id)

  vim.wait(20000, function() return has(buffer, 'base-image-latest-tag') end, 20)
  check('the moving tag is reported', has(buffer, 'base-image-latest-tag'), codes(buffer))

  local found
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    if code_of(diagnostic) == 'base-image-latest-tag' then found = diagnostic end
  end
  check('its range is the image', found.lnum == 0 and found.col == 5 and found.end_col == 16, vim.inspect(found))

  local position = { textDocument = vim.lsp.util.make_text_document_params(buffer), position = { line = 0, character = 7 } }
  local hover = vim.lsp.buf_request_sync(buffer, 'textDocument/hover', position, 10000) or {}
  local card = vim.inspect((hover[id] or {}).result)
  check('the base image has a hover card', card:lower():find('debian') ~= nil, card)

  local actions = actions_for(buffer, client, found, { 'quickfix' })
  local preferred
  for _, action in ipairs(actions) do
    if action.isPreferred then preferred = action end
  end
  check('one quick fix is preferred', preferred ~= nil, titles(actions))
  check('the quick fix has an edit', perform(buffer, client, preferred), vim.inspect(preferred))
  check('the quick fix pins the image', text(buffer):find('FROM node:26\n', 1, true) == 1, text(buffer))
  vim.wait(20000, function() return not has(buffer, 'base-image-latest-tag') end, 20)
  check('its diagnostic disappears', not has(buffer, 'base-image-latest-tag'), codes(buffer))

  local all = actions_for(buffer, client, { lnum = 0, col = 0, end_lnum = 0, end_col = 0 }, { 'source.fixAll' })
  check('fix all is offered', #all == 1, titles(all))
  check('fix all has an edit', perform(buffer, client, all[1]), vim.inspect(all[1]))
  check('fix all mends what is safe', text(buffer):find('mode=0400', 1, true) ~= nil, text(buffer))

  vim.cmd('silent write')
  vim.lsp.stop_client(id)
  local stopped = vim.wait(10000, function() return vim.lsp.get_client_by_id(id) == nil end, 20)
  check('the server stops when asked', stopped, 'still running')
end

local ok = xpcall(main, function(message) print('error ' .. tostring(message):gsub('\n', ' ')) end)
if ok then vim.cmd('qall!') else vim.cmd('cquit 1') end
