#pragma once

// What addresses in the settings must be like: as browsers write them, and close enough to each other for
// cookies.

#include <optional>
#include <string>
#include <string_view>

namespace cadenza::server {

// "https://a.example:444" of "https://a.example:444/path"; empty when it is no address.
std::string origin_of(std::string_view address);
// "a.example" of "https://a.example:444/path"; "[::1]" keeps its brackets.
std::string host_of(std::string_view address);
// "/path" of "https://a.example/path?x"; "/" when there is none.
std::string path_of(const std::string& address);
bool is_loopback(std::string_view host);

// How a browser writes `origin` in its Origin field: lower case, no default port.
std::string as_browsers_write(const std::string& origin);

// Same site: scheme and registrable domain alike, addresses as they are. Browsers send SameSite cookies only
// then.
bool is_same_site(const std::string& a, const std::string& b);

// What is wrong with a redirect URI, and what would be right; nullopt when it will do.
std::optional<std::string> redirect_problem(const std::string& uri);

}  // namespace cadenza::server
