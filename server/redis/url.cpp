#include "server/redis/url.hpp"

#include "shared/base/query.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <sys/un.h>

namespace cadenza::redis {
namespace {

using Kind = Options::Kind;

struct Scheme {
    std::string_view name;
    Kind kind{};
    bool tls{};
    bool local{};  // a Unix socket
};

constexpr std::array schemes{
    Scheme{"redis", Kind::standalone, false, false},
    Scheme{"rediss", Kind::standalone, true, false},
    Scheme{"unix", Kind::standalone, false, true},
    Scheme{"redis+sentinel", Kind::sentinel, false, false},
    Scheme{"rediss+sentinel", Kind::sentinel, true, false},
    Scheme{"redis+cluster", Kind::cluster, false, false},
    Scheme{"rediss+cluster", Kind::cluster, true, false},
};

Error problem(std::string text) { return {Errc::invalid_value, std::move(text)}; }

// What stands before `separator`, taken off `text` with it; all of it when there is none.
std::string_view take(std::string_view& text, char separator) {
    const auto end = text.find(separator);
    const auto out = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    return out;
}

Result<std::string> decoded(std::string_view text, std::string_view what) {
    auto out = percent_decode(text);
    if (!out) return problem(std::string(what) + " has a broken %-escape; a % itself is written %25");
    if (out->find('\0') != out->npos) return problem(std::string(what) + " contains a zero byte");
    return out;
}

template <class T>
bool read_number(std::string_view text, T& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

bool is_host(std::string_view host) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == '_';
    };
    return !host.empty() && std::all_of(host.begin(), host.end(), allowed);
}

// With a zone or without. Asio takes any text for a zone, and reads up to a zero byte.
bool is_v6(std::string_view text) {
    boost::system::error_code ec;
    boost::asio::ip::make_address_v6(text, ec);
    return !ec && std::all_of(text.begin(), text.end(),
                              [](char c) { return c == ':' || c == '%' || is_host({&c, 1}); });
}

Status read_credentials(std::string_view text, Credentials& out) {
    const auto colon = text.find(':');
    if (colon == text.npos)
        return problem("a user without a password; user:password@ or :password@ would be right");
    auto user = decoded(text.substr(0, colon), "the user");
    if (!user) return user.error();
    auto password = decoded(text.substr(colon + 1), "the password");
    if (!password) return password.error();
    out = {std::move(*user), server::Secret(std::move(*password))};
    return {};
}

Result<Address> read_address(std::string_view text, std::uint16_t usual_port) {
    Address out{.port = usual_port};
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos || !is_v6(text.substr(1, end - 1)))
            return problem("the brackets hold no IPv6 address, such as [::1]");
        out.host = text.substr(1, end - 1);
        rest = text.substr(end + 1);
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        out.host = text.substr(0, colon);
        rest = text.substr(colon);
        if (!is_host(out.host)) return problem("a host is missing or is no host name");
    }
    if (rest.empty()) return out;
    if (!rest.starts_with(':') || !read_number(rest.substr(1), out.port) || out.port == 0)
        return problem("a port must be a number from 1 to 65535 after the host");
    return out;
}

Status read_addresses(std::string_view text, Options& out) {
    const std::uint16_t port = out.kind == Kind::sentinel ? 26379 : 6379;
    do {
        auto address = read_address(take(text, ','), port);
        if (!address) return address.error();
        out.addresses.push_back(std::move(*address));
    } while (!text.empty());
    if (out.kind == Kind::standalone && out.addresses.size() > 1)
        return problem("several hosts; redis+sentinel:// or redis+cluster:// would be right for those");
    return {};
}

Status read_database(std::string_view text, Options& out) {
    if (!read_number(text, out.database) || out.database < 0)
        return problem("the database must be a number from 0");
    return {};
}

// After the hosts: "database", or "master/database".
Status read_path(std::string_view path, Options& out) {
    if (out.kind == Kind::sentinel) {
        auto master = decoded(take(path, '/'), "the name of the master");
        if (!master) return master.error();
        if (master->empty())
            return problem(
                "the name of the master is missing; redis+sentinel://host:26379/mymaster would be right");
        out.master = std::move(*master);
    }
    if (path.empty()) return {};
    if (const auto status = read_database(path, out); !status) return status;
    if (out.kind == Kind::cluster && out.database != 0)
        return problem("a cluster has no databases; leave the path out");
    return {};
}

Status read_socket(std::string_view path, Options& out) {
    auto socket = decoded(path, "the path");
    if (!socket) return socket.error();
    if (!socket->starts_with('/') || socket->size() < 2)
        return problem("the path of the socket is missing; unix:///run/redis/redis.sock would be right");
    if (socket->size() >= sizeof(sockaddr_un::sun_path))
        return problem("the path of the socket is longer than Unix allows (107 bytes)");
    out.addresses.push_back({.path = std::move(*socket)});
    return {};
}

Status read_option(std::string_view name, std::string_view text, const Scheme& scheme, Options& out) {
    auto value = decoded(text, "an option");
    if (!value) return value.error();
    if (scheme.local && name == "db") return read_database(*value, out);
    if (scheme.kind == Kind::sentinel && name == "sentinel_user") {
        out.sentinel_credentials.user = std::move(*value);
    } else if (scheme.kind == Kind::sentinel && name == "sentinel_password") {
        out.sentinel_credentials.password = server::Secret(std::move(*value));
    } else if (scheme.tls && name == "ca") {
        out.tls->ca = std::move(*value);
    } else if (scheme.tls && name == "cert") {
        out.tls->certificate = std::move(*value);
    } else if (scheme.tls && name == "key") {
        out.tls->key = std::move(*value);
    } else {
        return problem(
            "an option is unknown here; there are db (unix), sentinel_user and sentinel_password "
            "(sentinel), ca, cert and key (rediss)");
    }
    return {};
}

Status read_options(std::string_view query, const Scheme& scheme, Options& out) {
    while (!query.empty()) {
        auto value = take(query, '&');
        const auto name = take(value, '=');
        if (const auto status = read_option(name, value, scheme, out); !status) return status;
    }
    if (out.tls && out.tls->certificate.empty() != out.tls->key.empty())
        return problem("cert and key go together; one is missing");
    if (!out.sentinel_credentials.user.empty() && out.sentinel_credentials.password.empty())
        return problem("sentinel_user goes with sentinel_password, which is missing");
    return {};
}

const Scheme& scheme_of(const Options& options) {
    const bool local = !options.addresses.empty() && !options.addresses.front().path.empty();
    return *std::find_if(schemes.begin(), schemes.end(), [&](const Scheme& scheme) {
        return scheme.kind == options.kind && scheme.tls == options.tls.has_value() && scheme.local == local;
    });
}

}  // namespace

Result<Options> parse_url(std::string_view url) {
    const auto colon = url.find("://");
    const auto scheme = std::find_if(schemes.begin(), schemes.end(), [&](const Scheme& candidate) {
        return colon != url.npos && candidate.name == url.substr(0, colon);
    });
    if (scheme == schemes.end())
        return problem(
            "it begins with none of redis://, rediss://, redis+sentinel://, rediss+sentinel://, "
            "redis+cluster://, rediss+cluster:// and unix://");
    auto rest = url.substr(colon + 3);
    Options out{.kind = scheme->kind};
    if (scheme->tls) out.tls.emplace();

    const auto hosts_end = std::min(rest.find_first_of("/?#"), rest.size());
    const auto at = rest.substr(0, hosts_end).rfind('@');
    if (rest.find('#') != rest.npos || rest.find('@', hosts_end) != rest.npos)
        return problem(
            "the characters / ? # @ in a user, password, path or option must be percent-encoded: %2F %3F %23 "
            "%40");
    if (at != rest.npos) {
        if (const auto status = read_credentials(rest.substr(0, at), out.credentials); !status)
            return status.error();
        rest.remove_prefix(at + 1);
    }
    auto place = take(rest, '?');
    const auto status = [&]() -> Status {
        if (scheme->local) return read_socket(place, out);
        if (const auto read = read_addresses(take(place, '/'), out); !read) return read;
        return read_path(place, out);
    }();
    if (!status) return status.error();
    if (const auto read = read_options(rest, *scheme, out); !read) return read.error();
    return out;
}

std::string to_text(const Address& address) {
    if (!address.path.empty()) return address.path;
    const bool v6 = address.host.find(':') != std::string::npos;
    return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

namespace {

// As it is written in the URL: encoded, but for the slashes between folders.
std::string written(std::string_view text) {
    std::string out;
    while (true) {
        const auto slash = text.find('/');
        out += percent_encode(text.substr(0, slash));
        if (slash == text.npos) return out;
        out += '/';
        text.remove_prefix(slash + 1);
    }
}

}  // namespace

std::string describe(const Options& options) {
    std::string out(scheme_of(options).name);
    out += "://";
    if (!options.credentials.empty()) {
        out += percent_encode(options.credentials.user) + ":";
        out += options.credentials.password.empty() ? "@" : "***@";
    }
    const bool local = !options.addresses.empty() && !options.addresses.front().path.empty();
    for (std::size_t i = 0; i < options.addresses.size(); ++i)
        out +=
            (i > 0 ? "," : "") + (local ? written(options.addresses[i].path) : to_text(options.addresses[i]));
    if (options.kind == Kind::sentinel) out += "/" + percent_encode(options.master);
    if (!local && options.database != 0) out += "/" + std::to_string(options.database);

    char separator = '?';
    const auto option = [&](std::string_view name, const std::string& value) {
        if (value.empty()) return;
        out += separator + std::string(name) + "=" + value;
        separator = '&';
    };
    if (local && options.database != 0) option("db", std::to_string(options.database));
    option("sentinel_user", written(options.sentinel_credentials.user));
    option("sentinel_password", options.sentinel_credentials.password.empty() ? "" : "***");
    if (options.tls) {
        option("ca", written(options.tls->ca));
        option("cert", written(options.tls->certificate));
        option("key", written(options.tls->key));
    }
    return out;
}

}  // namespace cadenza::redis
