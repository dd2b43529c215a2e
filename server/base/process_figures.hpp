#pragma once

namespace cadenza::server {

// What the kernel says of this process.
struct ProcessFigures {
    double cpu_seconds{};
    double resident_bytes{};
    double virtual_bytes{};
    double open_fds{};
    double max_fds{};
    double start_time{};  // seconds since 1970
};

// Whatever cannot be read stays 0.
ProcessFigures read_process_figures();

}  // namespace cadenza::server
