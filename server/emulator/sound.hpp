#pragma once

// Music made by rule: key, tempo, chords, bass, melody and drums follow from a track's id. Any stretch of it
// can be computed by itself, so byte ranges need no rendering from the beginning.

#include <cstdint>
#include <string>
#include <string_view>

namespace cadenza::emulator {

constexpr int sample_rate = 32'000;  // Hz, mono, 16 bit
constexpr std::size_t wav_header_size = 44;

// Samples of a piece, -1..1 before rounding. `first` and `count` in samples.
class Song {
public:
    explicit Song(std::string_view id);
    void render(std::int64_t first, std::size_t count, std::int16_t* out) const;
    // Hz of A4 = 440 in equal temperament.
    static double frequency(int midi_note);

private:
    double sample(double seconds) const;
    double pad(double beat, double seconds) const;
    double bass(double beat, double seconds) const;
    double lead(double beat, double seconds) const;
    double drums(double beat) const;
    int note(int degree) const;
    int chord(double beat) const;

    std::uint64_t seed_{};
    double beats_per_second_{};
    int root_{};
    int scale_{};
    int progression_{};
    int rhythm_{};
    double brightness_{};
};

// Bytes `first` to `last` (inclusive) of the track's WAV file; `size` of the whole.
std::size_t wav_size(std::int64_t duration_ms);
std::string wav_bytes(std::string_view id, std::int64_t duration_ms, std::size_t first, std::size_t last);

}  // namespace cadenza::emulator
