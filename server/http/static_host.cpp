#include "server/http/static_host.hpp"

#include "server/http/static_files.hpp"
#include "shared/api/pages.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <string_view>

namespace cadenza::http {
namespace {

// Every file of the site is of one of three kinds. Assets are those whose names contain a hash, which the
// site's build puts into one folder.
struct Kinds {
    Headers assets;
    Headers worker;
    Headers rest;
};

Headers headers_at(std::string_view path, const SecurityPolicy& policy) {
    auto out = file_headers(path, policy);
    out.add("Cache-Control", std::string(cache_control(path)));
    return out;
}

Kinds kinds(const SecurityPolicy& policy) {
    return {headers_at("/assets/name-0123456789ab.js", policy), headers_at("/sw.js", policy),
            headers_at("/index.html", policy)};
}

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

// "/album/{id}" with `id` for its variable part.
std::string page_address(std::string_view pattern, std::string_view id) {
    std::string out(pattern);
    if (const auto brace = out.find("{id}"); brace != out.npos) out.replace(brace, 4, id);
    return out;
}

// Matches the addresses of pages, and nothing else.
std::string page_expression() {
    std::string out;
    for (const auto pattern : page_patterns)
        out += (out.empty() ? "^(?:" : "|") + page_address(pattern, "[0-9A-Za-z]{22}");
    return out + ")$";
}

std::string vercel(const Kinds& kinds) {
    using Json = nlohmann::ordered_json;
    const auto rule = [](const char* source, const Headers& headers) {
        auto list = Json::array();
        for (const auto& [name, value] : headers) list.push_back({{"key", name}, {"value", value}});
        return Json{{"source", source}, {"headers", std::move(list)}};
    };
    Json out;
    out["headers"] = {rule("/assets/(.*)", kinds.assets), rule("/sw.js", kinds.worker),
                      rule("/((?!assets/|sw\\.js$).*)", kinds.rest)};
    out["rewrites"] = Json::array();
    for (const auto pattern : page_patterns)
        if (pattern != "/")  // which is index.html anyway
            out["rewrites"].push_back(
                {{"source", page_address(pattern, ":id([0-9A-Za-z]{22})")}, {"destination", "/index.html"}});
    return out.dump(2) + "\n";
}

// Of several rules with the same field Netlify takes the last.
std::string netlify(const Kinds& kinds) {
    std::string out = "# Printed by: cadenza-server --print-headers netlify\n";
    const auto add = [&](const char* path, const Headers& headers) {
        out += "\n[[headers]]\nfor = " + in_quotes(path) + "\n[headers.values]\n";
        for (const auto& [name, value] : headers) out += in_quotes(name) + " = " + in_quotes(value) + "\n";
    };
    add("/*", kinds.rest);
    add("/assets/*", kinds.assets);
    add("/sw.js", kinds.worker);
    for (const auto pattern : page_patterns)
        if (pattern != "/")
            out += "\n[[redirects]]\nfrom = " + in_quotes(page_address(pattern, ":id")) +
                   "\nto = \"/index.html\"\nstatus = 200\n";
    return out;
}

std::string nginx(const Kinds& kinds) {
    std::string out = "# Printed by: cadenza-server --print-headers nginx\ntypes {\n";
    for (const auto& [ending, type] : content_types())
        out += "    " + std::string(type.substr(0, type.find(';'))) + " " + std::string(ending.substr(1)) +
               ";\n";
    out += "}\ncharset utf-8;\ncharset_types text/javascript text/css text/plain;\n";
    const auto add = [&](const std::string& place, const Headers& headers, const char* file) {
        out += "location " + place + " {\n";
        for (const auto& [name, value] : headers)
            out += "    add_header " + name + " " + in_quotes(value) + " always;\n";
        out += std::string("    try_files ") + file + " =404;\n}\n";
    };
    add("^~ /assets/", kinds.assets, "$uri");
    add("= /sw.js", kinds.worker, "$uri");
    add("~ " + in_quotes(page_expression()), kinds.rest, "/index.html");
    add("/", kinds.rest, "$uri");
    return out;
}

std::string caddy(const Kinds& kinds) {
    std::string out = "# Printed by: cadenza-server --print-headers caddy\n";
    const auto add = [&](const char* name, const char* matcher, const Headers& headers) {
        const auto reference = "@cadenza_" + std::string(name);
        out += reference + " " + matcher + "\nheader " + reference + " {\n";
        for (const auto& [field, value] : headers) out += "\t" + field + " " + in_quotes(value) + "\n";
        out += "}\n";
    };
    // No file is in two of them: the order in which Caddy applies them does not matter.
    add("assets", "path /assets/*", kinds.assets);
    add("worker", "path /sw.js", kinds.worker);
    add("rest", "not path /assets/* /sw.js", kinds.rest);
    for (const auto& [ending, type] : content_types()) {
        const auto name = "@cadenza_type_" + std::string(ending.substr(1));
        out.append(name).append(" path *").append(ending).append("\nheader ").append(name);
        out.append(" Content-Type ").append(in_quotes(type)).append("\n");
    }
    return out + "@cadenza_page path_regexp " + page_expression() + "\nrewrite @cadenza_page /index.html\n";
}

}  // namespace

std::string static_host_settings(StaticHost host, const SecurityPolicy& policy) {
    const auto all = kinds(policy);
    switch (host) {
        case StaticHost::vercel: return vercel(all);
        case StaticHost::netlify: return netlify(all);
        case StaticHost::nginx: return nginx(all);
        case StaticHost::caddy: return caddy(all);
    }
    return {};
}

std::string worker_line(const SecurityPolicy& policy) {
    return "\nself.cadenzaHeaders=\"" + fingerprint(policy) + "\";\n";
}

}  // namespace cadenza::http
