#include "server/http/router.hpp"

#include <optional>

namespace cadenza::http {
namespace {

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> out;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = path.find('/');
        out.emplace_back(path.substr(0, end));
        path.remove_prefix(end == path.npos ? path.size() : end);
    }
    return out;
}

std::optional<PathParameters> match(const std::vector<std::string>& pattern,
                                    const std::vector<std::string>& path) {
    if (pattern.size() != path.size()) return std::nullopt;
    PathParameters out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (pattern[i].starts_with('{'))
            out.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), path[i]);
        else if (pattern[i] != path[i])
            return std::nullopt;
    }
    return out;
}

}  // namespace

std::size_t Router::add(Method method, std::string_view pattern) {
    routes_.push_back({method, segments_of(pattern)});
    return routes_.size() - 1;
}

std::variant<Router::Match, Router::WrongMethod, Router::NoPath> Router::find(Method method,
                                                                              std::string_view path) const {
    const auto segments = segments_of(path);
    const auto wanted = method == Method::head ? Method::get : method;
    std::string allow;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        auto parameters = match(routes_[i].segments, segments);
        if (!parameters) continue;
        if (routes_[i].method == wanted) return Match{i, std::move(*parameters)};
        if (!allow.empty()) allow += ", ";
        allow += routes_[i].method == Method::get ? "GET, HEAD" : std::string(name(routes_[i].method));
    }
    if (allow.empty()) return NoPath{};
    return WrongMethod{std::move(allow)};
}

}  // namespace cadenza::http
