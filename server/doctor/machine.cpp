#include "server/doctor/machine.hpp"

#include "server/open_files.hpp"

namespace cadenza::server::doctor {

Finding open_files(const Config& config, std::uint64_t may_open) {
    const auto wanted = open_files_wanted(config.limits.connections);
    const auto what =
        std::to_string(may_open) + " for LIMIT_CONNECTIONS=" + std::to_string(config.limits.connections);
    if (may_open < wanted)
        return {
            "open_files", State::warning, what + ": connections will be refused before the limit",
            "ulimit -Hn " + std::to_string(wanted) + " (systemd: LimitNOFILE), or lower LIMIT_CONNECTIONS"};
    return {"open_files", State::ok, what, ""};
}

Finding static_site(const Config& config, const Result<std::string>& page) {
    const std::string check = "static_site";
    if (config.static_dir.empty())
        return {check, State::skipped, "not from here: the client is at " + config.frontend_url, ""};
    const std::string todo = "build the client into STATIC_DIR, or set it to nothing to serve the API only";
    if (!page) return {check, State::failed, page.error().detail, todo};
    if (page->empty()) return {check, State::failed, "there is no index.html in STATIC_DIR", todo};
    return {check, State::ok, "the client is there", ""};
}

Finding state_folder(const Config& config, const Status& usable) {
    const std::string check = "state_folder";
    if (config.demo) return {check, State::skipped, "demo mode keeps nothing", ""};
    if (config.redis) return {check, State::skipped, "not needed: Redis keeps what it would", ""};
    const std::string forgets =
        "a restart forgets for how long Spotify wants no requests, and asking then makes it longer";
    const std::string todo = "set STATE_DIR to a folder this server may write, or set REDIS_URL";
    if (config.state_dir.empty()) return {check, State::warning, "none: " + forgets, todo};
    if (!usable) return {check, State::warning, usable.error().detail + ": " + forgets, todo};
    return {check, State::ok, config.state_dir, ""};
}

}  // namespace cadenza::server::doctor
