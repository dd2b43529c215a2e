-- Another page with every request, so that no answer has been kept.
local offset = 0

function request()
  offset = (offset + 1) % 100000
  return wrk.format(nil, "/api/library/playlists?offset=" .. offset)
end
