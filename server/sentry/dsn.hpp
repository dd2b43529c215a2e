#pragma once

// Where errors are reported: "https://<key>@<host>[:port][/path]/<project>", as Sentry shows it.
// https://develop.sentry.dev/sdk/overview/#parsing-the-dsn

#include <optional>
#include <string>
#include <string_view>

namespace cadenza::sentry {

struct Dsn {
    std::string origin;   // "https://o1.ingest.sentry.io"
    std::string path;     // before the project: "" or "/errors"
    std::string key;      // public, yet nobody else's business
    std::string project;  // digits

    std::string envelope_target() const { return path + "/api/" + project + "/envelope/"; }
    bool operator==(const Dsn&) const = default;
};

// nullopt for anything else; http is for loopback addresses only, and a key with a secret part is of the
// past.
std::optional<Dsn> parse_dsn(std::string_view text);

}  // namespace cadenza::sentry
