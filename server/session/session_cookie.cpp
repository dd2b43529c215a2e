#include "server/session/session_cookie.hpp"

#include "server/session/sid.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

// What a sealed session has and a sid has not.
bool is_sealed(std::string_view ticket) { return ticket.find('.') != ticket.npos; }

}  // namespace

std::string SessionCookie::name(std::size_t part) const {
    std::string out(name());
    if (part > 0) out.append(".").append(std::to_string(part));
    return out;
}

SessionCookie::Parts SessionCookie::find(const http::Request& request) const {
    Parts out;
    auto rest = request.header("Cookie");
    while (const auto cookie = http::take_cookie(rest)) {
        if (!cookie->name.starts_with(name())) continue;
        for (std::size_t part = 0; part < most_parts; ++part) {
            if (cookie->name != name(part)) continue;
            ++out[part].count;
            if (!cookie->value) continue;
            ++out[part].readable;
            out[part].value = *cookie->value;
        }
    }
    return out;
}

std::optional<std::string> SessionCookie::ticket_of(const Parts& parts) {
    const auto first = parts[0].value;
    if (parts[0].readable != 1) return std::nullopt;
    if (is_sid(first)) return std::string(first);
    if (!is_sealed(first) || first.size() > part_size) return std::nullopt;
    const auto count = static_cast<std::size_t>(first.front() - '0');
    if (count < 1 || count > most_parts) return std::nullopt;
    std::string ticket(first.substr(1));
    for (std::size_t part = 1; part < count; ++part) {
        const auto& more = parts[part];
        if (more.readable != 1 || more.value.size() > part_size) return std::nullopt;
        ticket += more.value;
    }
    return ticket;
}

std::optional<std::string> SessionCookie::read(const http::Request& request) const {
    return ticket_of(find(request));
}

bool SessionCookie::is_doubled(const http::Request& request) const {
    const auto parts = find(request);
    const auto is_twice = [](const Part& part) { return part.count > 1; };
    return std::any_of(parts.begin(), parts.end(), is_twice) && !ticket_of(parts);
}

std::size_t SessionCookie::parts_in(const http::Request& request) const {
    const auto parts = find(request);
    auto last = most_parts;
    while (last > 0 && parts[last - 1].count == 0) --last;
    return last;
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
