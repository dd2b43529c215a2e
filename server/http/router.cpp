#include "server/http/router.hpp"

namespace cadenza::http {
namespace {

// "/a/b" is "a", then "b".
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> out;
    while (!path.empty()) out.emplace_back(take_segment(path));
    return out;
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

bool matches(const std::vector<std::string>& pattern, std::string_view path) {
    for (const auto& wanted : pattern) {
        if (path.empty()) return false;
        const auto segment = take_segment(path);
        if (!is_parameter(wanted) && wanted != segment) return false;
    }
    return path.empty();
}

PathParameters parameters_of(const std::vector<std::string>& pattern, std::string_view path) {
    PathParameters out;
    for (const auto& name : pattern) {
        const auto segment = take_segment(path);
        if (is_parameter(name)) out.emplace_back(name.substr(1, name.size() - 2), segment);
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
    const auto wanted = method == Method::head ? Method::get : method;
    std::string allow;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        if (!matches(routes_[i].segments, path)) continue;
        if (routes_[i].method == wanted) return Match{i, parameters_of(routes_[i].segments, path)};
        if (!allow.empty()) allow += ", ";
        allow += routes_[i].method == Method::get ? "GET, HEAD" : std::string(name(routes_[i].method));
    }
    if (allow.empty()) return NoPath{};
    return WrongMethod{std::move(allow)};
}

}  // namespace cadenza::http
