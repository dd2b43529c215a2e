#pragma once

// The built site, read once at start: a request can only name what is in this list, never a path on the disk.

#include "server/http/message.hpp"
#include "shared/base/error.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cadenza::http {

class StaticFiles {
public:
    // Reads `folder` with everything below; "x.br" and "x.gz" are encodings of "x". Errors: not_found.
    static Result<StaticFiles> load(const std::string& folder);

    // Replaces a file's bytes, dropping its encodings: config.json and sw.js depend on the settings.
    void replace(const std::string& path, std::string content);
    bool contains(std::string_view path) const { return files_.find(path) != files_.end(); }
    std::string_view content(std::string_view path) const;

    // GET or HEAD of `path` ("/app.3f2a1b9c.js"): 200, 304 by If-None-Match, 404. Names with a content hash
    // are cached for a year, everything else is revalidated.
    Response answer(const Request& request, std::string_view path) const;

private:
    struct Encoded {
        std::shared_ptr<const std::string> content;
        std::string etag;
    };
    struct File {
        Encoded plain;
        Encoded brotli;
        Encoded gzip;
        std::string type;
    };
    std::map<std::string, File, std::less<>> files_;
};

struct ContentType {
    std::string_view ending;  // with its dot
    std::string_view type;
};
std::span<const ContentType> content_types() noexcept;

// A year for names with a content hash, such as "/assets/main-3f2a1b9c.js"; else every use asks anew.
std::string_view cache_control(std::string_view path) noexcept;

// Whether `coding` is acceptable by an Accept-Encoding field: named or *, and not with q=0.
bool accepts(std::string_view field, std::string_view coding) noexcept;

}  // namespace cadenza::http
