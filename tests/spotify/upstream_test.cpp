#include "server/spotify/upstream.hpp"

#include "server/http/client_request.hpp"
#include "server/spotify/priority.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

namespace cadenza::server {
namespace {

constexpr std::array methods{Method::get, Method::head, Method::post, Method::put, Method::delete_};
const std::string some_id = "4aawyAB9vmqN3uQ7FjRGTy";

std::string filled(std::string_view pattern, const std::string& id) {
    std::string out(pattern);
    if (const auto at = out.find("{id}"); at != out.npos) out.replace(at, 4, id);
    return out;
}

// What a lenient reader of URLs would make of a path: decoded as often as it goes, backslashes turned, dots
// and empty segments resolved.
std::string resolved(std::string path) {
    const auto value = [](char c) {
        return c >= '0' && c <= '9'                     ? c - '0'
               : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                        : -1;
    };
    for (std::size_t at = 0; (at = path.find('%', at)) != path.npos;) {
        const bool whole = at + 2 < path.size() && value(path[at + 1]) >= 0 && value(path[at + 2]) >= 0;
        if (!whole) {
            ++at;
            continue;
        }
        path.replace(at, 3, 1, static_cast<char>(value(path[at + 1]) * 16 + value(path[at + 2])));
    }
    std::replace(path.begin(), path.end(), '\\', '/');
    std::vector<std::string> segments;
    for (std::size_t at = 0; at < path.size();) {
        const auto end = std::min(path.find('/', at), path.size());
        const auto segment = path.substr(at, end - at);
        if (segment == ".." && !segments.empty()) segments.pop_back();
        if (!segment.empty() && segment != "." && segment != "..") segments.push_back(segment);
        at = end + 1;
    }
    std::string out;
    for (const auto& segment : segments) out += "/" + segment;
    return out;
}

// Whether a path is one of the table's for this method, told segment by segment.
bool in_table(Method method, const std::string& path) {
    const auto segments = [](std::string_view text) {
        std::vector<std::string> out;
        for (std::size_t at = 1; at <= text.size();) {
            const auto end = std::min(text.find('/', at), text.size());
            out.emplace_back(text.substr(at, end - at));
            at = end + 1;
        }
        return out;
    };
    const auto mine = segments(path);
    return std::any_of(upstream_table().begin(), upstream_table().end(), [&](const Upstream& row) {
        const auto theirs = segments(row.path);
        if (row.method != method || theirs.size() != mine.size()) return false;
        for (std::size_t i = 0; i < mine.size(); ++i) {
            const bool id = mine[i].size() == 22 && std::all_of(mine[i].begin(), mine[i].end(), [](char c) {
                                return std::isalnum(static_cast<unsigned char>(c)) != 0;
                            });
            if (theirs[i] == "{id}" ? !id : theirs[i] != mine[i]) return false;
        }
        return true;
    });
}

class Hostile {
public:
    explicit Hostile(std::uint64_t seed) : random_(seed) {}

    std::string next() {
        auto out = random_.chance(70) ? good() : std::string();
        for (auto changes = random_.below(4); changes > 0 || out.empty(); changes -= changes > 0 ? 1 : 0)
            change(out);
        return out;
    }

private:
    std::string good() {
        const auto rows = upstream_table();
        auto out = filled(rows[random_.below(rows.size())].path,
                          random_.chance(80) ? some_id : random_.from("0Az_./%", random_.below(30)));
        if (random_.chance(30)) out += "?limit=50&q=a%20b";
        return out;
    }
    void change(std::string& out) {
        static const std::vector<std::string> pieces{"//evil.example",
                                                     "https://evil.example",
                                                     "http:",
                                                     "@evil.example",
                                                     "user:pass@",
                                                     "..",
                                                     "/../",
                                                     "/./",
                                                     "%2e%2e",
                                                     "%2F",
                                                     "%2f..%2f",
                                                     "%5c",
                                                     "\\",
                                                     "\\\\evil",
                                                     "/\\evil.example",
                                                     "\r\n",
                                                     "\r\nHost: evil\r\n",
                                                     "\n",
                                                     "\t",
                                                     " ",
                                                     " HTTP/1.1\r\n\r\n",
                                                     std::string(1, '\0'),
                                                     "%00",
                                                     "%0d%0a",
                                                     "#",
                                                     "?",
                                                     "??",
                                                     ";",
                                                     ":80",
                                                     "/",
                                                     "//",
                                                     "%",
                                                     "%zz",
                                                     "%252e",
                                                     "\xC3\xA9",
                                                     "\xE2\x80\xAE",
                                                     "\xEF\xBC\x8F",
                                                     "\xC0\xAF",
                                                     "\xFF",
                                                     "/me",
                                                     "/me/player",
                                                     "/v1/me",
                                                     "/me/tracks",
                                                     "/audiobooks/",
                                                     some_id};
        const auto at = random_.below(out.size() + 1);
        switch (random_.below(5)) {
            case 0: out.insert(at, random_.bytes(1 + random_.below(3))); break;
            case 1: out.erase(at, 1 + random_.below(4)); break;
            case 2: out = pieces[random_.below(pieces.size())] + out; break;
            default: out.insert(at, pieces[random_.below(pieces.size())]); break;
        }
    }

    Random random_;
};

}  // namespace

TEST_CASE("every row of the table is found, by its own method only") {
    std::set<std::pair<Method, std::string_view>> seen;
    for (const auto& row : upstream_table()) {
        CAPTURE(row.path);
        CHECK(seen.emplace(row.method, row.path).second);
        const auto path = filled(row.path, some_id);
        CHECK(find_upstream(row.method, path) == &row);
        CHECK(find_upstream(row.method, path + "?limit=50&uris=a%3Ab,c") == &row);
        CHECK_FALSE(find_upstream(Method::head, path));
        CHECK_FALSE(find_upstream(row.method, path + "/"));
        CHECK_FALSE(find_upstream(row.method, "/v1" + path));
    }
    CHECK(seen.size() >= 30);
    CHECK_FALSE(find_upstream(Method::delete_, "/me/tracks"));
    CHECK_FALSE(find_upstream(Method::get, "/audio-features/" + some_id));
    CHECK_FALSE(find_upstream(Method::get, "/albums/" + some_id.substr(1)));
}

TEST_CASE("no hostile target reaches another host or an endpoint outside the table") {
    constexpr int tries = 1'000'000;
    const std::string base = "https://api.spotify.com/v1";
    Hostile hostile(20'261'124);
    int passed = 0;
    std::string bad;
    for (int i = 0; i < tries && bad.empty(); ++i) {
        const auto target = hostile.next();
        const auto method = methods[static_cast<std::size_t>(i) % methods.size()];
        if (!find_upstream(method, target)) continue;
        ++passed;
        const auto path = target.substr(0, target.find('?'));
        const auto url = base + target;
        const auto authority = url.substr(8, url.find_first_of("/?#\\@", 8) - 8);
        http::ClientRequest request{
            .method = method, .origin = "https://api.spotify.com", .target = "/v1" + target};
        const bool safe = authority == "api.spotify.com" && resolved(path) == path &&
                          in_table(method, path) && url.find_first_of("#\\@ \r\n\t") == url.npos &&
                          is_writable(request);
        if (!safe) bad = target;
    }
    CAPTURE(bad);
    CHECK(bad.empty());
    // Enough of them were well-formed after all, so that the checks above ran.
    CHECK(passed > 10'000);
    CHECK(passed < tries / 2);
}

TEST_CASE("a request's field says how urgent it is") {
    CHECK(priority_of("") == Priority::interactive);
    CHECK(priority_of("u=0") == Priority::interactive);
    CHECK(priority_of("u=3, i") == Priority::interactive);
    CHECK(priority_of("u=4") == Priority::sync);
    CHECK(priority_of("i, u=5") == Priority::sync);
    CHECK(priority_of(" i ,\tu=7 ") == Priority::prefetch);
    CHECK(priority_of("u=6") == Priority::prefetch);
    for (const auto* nonsense : {"u", "u=", "u=9", "u=77", "urgent", ",,", "x=7"})
        CHECK(priority_of(nonsense) == Priority::interactive);
}

}  // namespace cadenza::server
