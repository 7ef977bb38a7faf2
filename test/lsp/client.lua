-- Neovim's own language client, headless: opens the file, waits for diagnostics, asks for lenses, hover and actions, applies
-- the quick fix, explores by the lens, replays; writes what it saw as JSON. Arguments: by UNPARK_LSP (JSON).
local given = vim.fn.json_decode(vim.env.UNPARK_LSP)
local saw = { messages = {}, documents = {} }
vim.lsp.handlers["window/showMessage"] = function(_, result) table.insert(saw.messages, result.message) end
vim.cmd("edit " .. given.file)
local client = vim.lsp.start_client({ cmd = given.cmd, root_dir = given.root, name = "unpark" })
vim.lsp.buf_attach_client(0, client)

local function diagnostics() return vim.diagnostic.get(0) end
local function until_true(what, is) if not vim.wait(given.wait, is, 20) then table.insert(saw.messages, "timed out: " .. what) end end
local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, given.wait)
  return answers and answers[client] and answers[client].result
end
local document = { uri = vim.uri_from_bufnr(0) }
local function lenses() return vim.tbl_map(function(one) return { line = one.range.start.line, command = one.command } end, ask("textDocument/codeLens", { textDocument = document }) or {}) end
local function execute(title) for _, one in ipairs(lenses()) do if vim.startswith(one.command.title, title) then return ask("workspace/executeCommand", { command = one.command.command, arguments = one.command.arguments }) end end end

until_true("initialize", function() return vim.lsp.get_client_by_id(client) ~= nil and vim.lsp.get_client_by_id(client).initialized end)
saw.before = { diagnostics = #diagnostics(), lenses = lenses() }
execute("explore this test")
until_true("diagnostics", function() return #diagnostics() > 0 end)
saw.diagnostics = vim.tbl_map(function(one) return { line = one.lnum, col = one.col, end_col = one.end_col, severity = one.severity, message = one.message, source = one.source, code = one.code, related = vim.tbl_map(function(r) return { line = r.location.range.start.line, message = r.message } end, one.user_data.lsp.relatedInformation or {}) } end, diagnostics())
saw.lenses = lenses()
saw.hovers = vim.tbl_map(function(line) local answer = ask("textDocument/hover", { textDocument = document, position = { line = line, character = 3 } }); return answer and answer.contents and answer.contents.value or "" end, given.hovers)
execute("replay")
until_true("replay", function() for _, message in ipairs(saw.messages) do if message:find("step by step") then return true end end return false end)

-- A line above: the diagnostic moves with its text.
vim.api.nvim_buf_set_lines(0, 0, 0, false, { "// a line more" })
until_true("moved", function() return #diagnostics() == 1 and diagnostics()[1].lnum == saw.diagnostics[1].line + 1 end)
saw.moved = diagnostics()[1] and diagnostics()[1].lnum

local raw = vim.tbl_map(function(one) return { range = { start = { line = one.lnum, character = one.col }, ["end"] = { line = one.end_lnum, character = one.end_col } }, message = one.message, source = one.source, code = one.code, severity = one.severity, data = one.user_data.lsp.data } end, diagnostics())
local actions = ask("textDocument/codeAction", { textDocument = document, range = raw[1].range, context = { diagnostics = raw } }) or {}
saw.actions = vim.tbl_map(function(one) return one.title end, actions)
vim.lsp.util.apply_workspace_edit(actions[1].edit, "utf-16")
saw.text = vim.api.nvim_buf_get_lines(0, 0, -1, false)
vim.cmd("silent write")
execute("explore this test")
until_true("ignored", function() return #diagnostics() == 0 end)
saw.after = #diagnostics()
local out = io.open(given.out, "w")
out:write(vim.fn.json_encode(saw))
out:close()
vim.lsp.stop_client(client)
vim.cmd("qall!")
