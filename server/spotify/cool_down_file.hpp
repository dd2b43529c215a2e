#pragma once

// Where there is no Redis a cool-down outlives a restart in a file: "<quota or rate> <ms since 1970>", as in
// Redis, and nothing else. It is a few bytes, looked at once a second and written at a 429, so it may block.

#include "server/base/log.hpp"
#include "server/spotify/cool_down.hpp"

#include <optional>
#include <string>

namespace cadenza::server {

class CoolDownFile {
public:
    // Makes the folder. What does not work is logged once and refuses nothing. `log` must outlive it.
    // Servers of one machine with the same app at the same Spotify share the file.
    CoolDownFile(std::string folder, const std::string& client_id, const std::string& api_url,
                 const Log& log);

    // The one that holds or held; nullopt when none is known. What is no cool-down is logged, once.
    std::optional<CoolDown> read(std::int64_t now);
    // Of two the later stays. One of a few seconds is not kept.
    void write(const CoolDown& cooling, std::int64_t now);

private:
    void tell(const Error& error);

    std::string folder_;
    std::string name_;
    const Log& log_;
    bool told_{};
    bool ignores_{};
};

}  // namespace cadenza::server
