#pragma once

#include "server/http/message.hpp"

#include <string>

namespace cadenza::http {

// Status line and fields with the blank line. Date, Content-Length and Connection are added; a field whose
// value holds a line break is left out.
std::string render_head(const Response& response, bool keep_alive);

}  // namespace cadenza::http
