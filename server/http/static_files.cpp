#include "server/http/static_files.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>

namespace cadenza::http {
namespace {

constexpr std::array<ContentType, 14> types{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".map", "application/json"},
    {".xml", "application/xml"},
}};

std::string type_of(std::string_view path) {
    for (const auto& [ending, type] : types)
        if (path.ends_with(ending)) return std::string(type);
    return "application/octet-stream";
}

// "app.3f2a1b9c.js", "app-3f2a1b9c.js": eight or more hex digits between the last two separators, a number
// among them. Not "wide-1280x720.png".
bool has_hash(std::string_view path) {
    const auto dot = path.rfind('.');
    if (dot == path.npos || dot == 0) return false;
    const auto stem = path.substr(0, dot);
    const auto separator = stem.find_last_of(".-/");
    if (separator == stem.npos || stem[separator] == '/') return false;
    const auto hash = stem.substr(separator + 1);
    return hash.size() >= 8 && hash.find_first_not_of("0123456789abcdef") == hash.npos &&
           hash.find_first_of("0123456789") != hash.npos;
}

std::string etag_of(std::string_view content) {
    return "\"" + server::to_base64url(server::sha256(content).substr(0, 12)) + "\"";
}

std::string_view trim(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

// Calls `fn` with each element of a comma-separated field until it returns true.
template <class Fn>
bool any_of(std::string_view field, Fn&& fn) {
    while (!field.empty()) {
        const auto comma = field.find(',');
        if (fn(trim(field.substr(0, comma)))) return true;
        field.remove_prefix(comma == field.npos ? field.size() : comma + 1);
    }
    return false;
}

bool matches(std::string_view if_none_match, std::string_view etag) {
    return any_of(if_none_match, [&](std::string_view tag) {
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        return tag == "*" || tag == etag;
    });
}

bool same_word(std::string_view a, std::string_view lower) {
    return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                      [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + 0x20 : x) == y; });
}

bool is_zero(std::string_view quality) {
    return !quality.empty() && quality.find_first_not_of("0.") == quality.npos;
}

}  // namespace

std::span<const ContentType> content_types() noexcept { return types; }

std::string_view cache_control(std::string_view path) noexcept {
    return has_hash(path) ? "public, max-age=31536000, immutable" : "no-cache";
}

bool accepts(std::string_view field, std::string_view coding) noexcept {
    std::optional<bool> named;
    std::optional<bool> any;
    any_of(field, [&](std::string_view element) {
        const auto semicolon = element.find(';');
        const auto name = trim(element.substr(0, semicolon));
        const auto weight =
            semicolon == element.npos ? std::string_view{} : trim(element.substr(semicolon + 1));
        const bool refused = same_word(weight.substr(0, 2), "q=") && is_zero(weight.substr(2));
        if (same_word(name, coding)) named = !refused;
        if (name == "*") any = !refused;
        return named.has_value();
    });
    return named.value_or(any.value_or(false));
}

Result<StaticFiles> StaticFiles::load(const std::string& folder) {
    namespace fs = std::filesystem;
    StaticFiles out;
    std::error_code ec;
    std::map<std::string, std::shared_ptr<const std::string>> read;
    for (auto entry = fs::recursive_directory_iterator(folder, ec); !ec && entry != fs::end(entry);
         entry.increment(ec)) {
        if (!entry->is_regular_file()) continue;
        std::ifstream file(entry->path(), std::ios::binary);
        // No larger than it is: it stays.
        std::string content(entry->file_size(ec), '\0');
        if (ec || !file.read(content.data(), static_cast<std::streamsize>(content.size())))
            return Error{Errc::not_found, entry->path().string() + " cannot be read"};
        read["/" + entry->path().lexically_relative(folder).generic_string()] =
            std::make_shared<const std::string>(std::move(content));
    }
    if (ec || read.find("/index.html") == read.end())
        return Error{Errc::not_found, folder + " does not hold a built site"};
    for (const auto& [path, content] : read) {
        if (path.ends_with(".br") || path.ends_with(".gz")) continue;
        auto& file = out.files_[path];
        file.type = type_of(path);
        file.plain = {content, etag_of(*content)};
        if (const auto found = read.find(path + ".br"); found != read.end())
            file.brotli = {found->second, etag_of(*found->second)};
        if (const auto found = read.find(path + ".gz"); found != read.end())
            file.gzip = {found->second, etag_of(*found->second)};
    }
    return out;
}

void StaticFiles::replace(const std::string& path, std::string content) {
    auto& file = files_[path];
    file.type = type_of(path);
    auto etag = etag_of(content);
    file.plain = {std::make_shared<const std::string>(std::move(content)), std::move(etag)};
    file.brotli = {};
    file.gzip = {};
}

std::string_view StaticFiles::content(std::string_view path) const {
    const auto found = files_.find(path);
    return found == files_.end() ? std::string_view{} : *found->second.plain.content;
}

Response StaticFiles::answer(const Request& request, std::string_view path) const {
    const auto found = files_.find(path);
    if (found == files_.end()) return Response::text(404, "Not found\n");
    const auto& file = found->second;
    const auto wanted = request.header("Accept-Encoding");
    const auto* chosen = &file.plain;
    std::string_view coding;
    if (file.brotli.content && accepts(wanted, "br")) {
        chosen = &file.brotli;
        coding = "br";
    } else if (file.gzip.content && accepts(wanted, "gzip")) {
        chosen = &file.gzip;
        coding = "gzip";
    }
    Response response;
    response.headers.add("ETag", chosen->etag);
    response.headers.add("Cache-Control", std::string(cache_control(path)));
    if (file.brotli.content || file.gzip.content) response.headers.add("Vary", "Accept-Encoding");
    if (matches(request.header("If-None-Match"), chosen->etag)) {
        response.status = 304;
        return response;
    }
    response.headers.add("Content-Type", file.type);
    if (!coding.empty()) response.headers.add("Content-Encoding", std::string(coding));
    response.shared_body = chosen->content;
    return response;
}

}  // namespace cadenza::http
