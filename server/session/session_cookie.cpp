#include "server/session/session_cookie.hpp"

#include "server/session/sid.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

// What a sealed session has and a sid has not.
bool is_sealed(std::string_view ticket) { return ticket.find('.') != ticket.npos; }

// The value of the one cookie of that name; nullopt for none and for two.
std::optional<std::string> only(const std::vector<http::Cookie>& cookies, const std::string& name) {
    const auto is_it = [&](const http::Cookie& cookie) { return cookie.name == name; };
    if (std::count_if(cookies.begin(), cookies.end(), is_it) != 1) return std::nullopt;
    return std::find_if(cookies.begin(), cookies.end(), is_it)->value;
}

}  // namespace

std::optional<std::string> SessionCookie::read(const http::Request& request) const {
    const auto cookies = http::cookies_of(request);
    auto first = only(cookies, name());
    if (!first || is_sid(*first)) return first;
    if (!is_sealed(*first) || first->size() > part_size) return std::nullopt;
    const auto parts = static_cast<std::size_t>(first->front() - '0');
    if (parts < 1 || parts > most_parts) return std::nullopt;
    std::string ticket = first->substr(1);
    for (std::size_t part = 1; part < parts; ++part) {
        const auto more = only(cookies, name(part));
        if (!more || more->size() > part_size) return std::nullopt;
        ticket += *more;
    }
    return ticket;
}

bool SessionCookie::is_doubled(const http::Request& request) const {
    const auto names = http::cookie_names(request);
    for (std::size_t part = 0; part < most_parts; ++part)
        if (std::count(names.begin(), names.end(), name(part)) > 1) return !read(request);
    return false;
}

std::size_t SessionCookie::parts_in(const http::Request& request) const {
    std::size_t parts = 0;
    for (const auto carried : http::cookie_names(request)) {
        if (!carried.starts_with(name())) continue;
        for (std::size_t part = 0; part < most_parts; ++part)
            if (carried == name(part)) parts = std::max(parts, part + 1);
    }
    return parts;
}

std::vector<std::string> SessionCookie::set(const std::string& ticket, std::size_t carried) const {
    if (!is_sealed(ticket)) return write({ticket}, carried);
    const auto count = ticket.size() / part_size + 1;
    const auto text = std::to_string(count) + ticket;
    std::vector<std::string> parts(count);
    for (std::size_t part = 0; part < count; ++part) parts[part] = text.substr(part * part_size, part_size);
    // Another answer, under way, may set more of them than this request carried.
    return write(std::move(parts), most_parts);
}

std::vector<std::string> SessionCookie::write(std::vector<std::string> parts, std::size_t carried) const {
    if (parts.size() < carried) parts.resize(carried);
    std::vector<std::string> out;
    for (std::size_t part = 0; part < parts.size(); ++part) {
        const auto age = parts[part].empty() ? std::chrono::seconds(0) : lifetime;
        out.push_back(
            http::render({.name = name(part), .value = parts[part], .secure = secure, .max_age = age}));
    }
    return out;
}

}  // namespace cadenza::server
