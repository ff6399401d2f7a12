// swift-tools-version: 6.2
import PackageDescription

/// Settings of every target: Swift 6 mode comes with the tools version.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A room of the house: stands on the ground floor and the hall, and on nothing beside it.
func room(_ name: String, on dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of a room; what they read beside their code is left out of the build.
func tests(
    of name: String,
    and others: [Target.Dependency] = [],
    leavingOut files: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name)] + others,
        exclude: files,
        swiftSettings: strict
    )
}

let package = Package(
    name: "strongroom",
    products: [
        .executable(name: "strongroom", targets: ["strongroom"]),
        .executable(name: "strongroom-emulator", targets: ["strongroom-emulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        room("CloudHSM"),
        // What may be shown or kept of text that others wrote.
        room("StrongroomText"),
        // The API's messages and signatures, for both sides of the wire.
        room(
            "CloudHSMWire",
            on: ["CloudHSM", .product(name: "Crypto", package: "swift-crypto")]
        ),
        room("StrongroomModel", on: ["CloudHSM"]),
        room(
            "StrongroomManifest",
            on: ["CYAML", "CloudHSM", "StrongroomModel", "StrongroomText"]
        ),
        .target(
            name: "StrongroomPlanner",
            dependencies: ["CloudHSM", "StrongroomModel"],
            exclude: ["Proof"],
            swiftSettings: strict
        ),
        // The planner's second reader: a module of its own, so that it sees none of the rules.
        .target(
            name: "StrongroomProof",
            dependencies: ["CloudHSM", "StrongroomModel"],
            path: "Sources/StrongroomPlanner/Proof",
            swiftSettings: strict
        ),
        room("StrongroomExecutor", on: ["CloudHSM", "StrongroomModel"]),
        // From the service's pages to groups: what an observation over the wire is made of.
        room("StrongroomObservation", on: ["CloudHSM", "StrongroomModel"]),
        // simdjson's headers and library, behind a small shim in C++.
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        // JSON that two readers cannot understand differently.
        room("StrictJSON", on: ["CSimdJSON", "StrongroomText"]),
        room(
            "StrongroomState",
            on: [
                "CSimdJSON", "CloudHSM", "StrictJSON", "StrongroomModel", "StrongroomText",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        // Starting a program with no open files of ours: two functions that Glibc's module lacks.
        .target(name: "CSpawn"),
        // AWS over the network: the only room with an HTTP client.
        room(
            "StrongroomAWS",
            on: [
                "CSpawn", "CloudHSM", "CloudHSMWire", "StrongroomModel", "StrongroomText",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        room("StrongroomSimulator", on: ["CloudHSM", "StrongroomModel"]),
        room(
            "StrongroomReport",
            on: [
                "CloudHSM", "StrictJSON", "StrongroomModel", "StrongroomText",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .executableTarget(
            name: "strongroom",
            dependencies: [
                "CloudHSM", "CloudHSMWire", "StrictJSON", "StrongroomModel",
                "StrongroomManifest", "StrongroomPlanner", "StrongroomProof",
                "StrongroomExecutor",
                "StrongroomObservation", "StrongroomReport", "StrongroomSimulator",
                "StrongroomState", "StrongroomText", "StrongroomAWS",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        // The simulated service behind the real one's API; alone imports an HTTP server.
        .executableTarget(
            name: "strongroom-emulator",
            dependencies: [
                "CloudHSM", "CloudHSMWire", "StrongroomModel", "StrongroomSimulator",
                "StrongroomState", "StrongroomText",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        // Measures; run by hand with scripts/bench.
        .executableTarget(
            name: "strongroom-bench",
            dependencies: [
                "CloudHSM", "StrongroomModel", "StrongroomProof", "StrongroomSimulator",
                "StrongroomState",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        tests(of: "CloudHSM"),
        // Texts that want to command whatever shows them, for the tests of every room.
        .target(name: "HostileText", path: "Tests/HostileText", swiftSettings: strict),
        tests(of: "StrongroomText", and: ["HostileText"]),
        tests(of: "StrictJSON"),
        tests(of: "CloudHSMWire", and: ["CloudHSM"], leavingOut: ["Support"]),
        tests(
            of: "StrongroomManifest",
            and: ["CloudHSM", "StrongroomModel"],
            leavingOut: ["Corpus", "Support"]
        ),
        tests(of: "StrongroomPlanner", and: ["CloudHSM", "StrongroomModel"]),
        tests(of: "StrongroomProof", and: ["CloudHSM", "StrongroomModel"]),
        tests(of: "StrongroomExecutor", and: ["CloudHSM", "StrongroomModel"]),
        tests(
            of: "StrongroomAWS",
            and: [
                "CloudHSM", "CloudHSMWire", "StrongroomModel", "StrongroomObservation",
                "StrongroomSimulator",
                .product(name: "Logging", package: "swift-log"),
            ],
            leavingOut: ["Support"]
        ),
        tests(of: "StrongroomState", and: ["CloudHSM", "HostileText", "StrongroomModel"]),
        tests(
            of: "StrongroomObservation",
            and: ["CloudHSM", "StrongroomModel", "StrongroomSimulator"]
        ),
        tests(of: "StrongroomSimulator", and: ["CloudHSM", "StrongroomModel"]),
        tests(
            of: "StrongroomReport",
            and: ["CloudHSM", "HostileText", "StrongroomModel"],
            leavingOut: ["Golden", "Support/validate.py", "Support/digest.py"]
        ),
        // Very many random inputs: the planner's pairs, and every parser's bytes.
        .testTarget(
            name: "PropertyTests",
            dependencies: [
                "CloudHSM", "StrongroomModel", "StrongroomManifest", "StrongroomPlanner",
                "StrongroomProof", "StrongroomExecutor", "StrongroomReport",
                "StrongroomSimulator", "StrongroomState",
            ],
            swiftSettings: strict
        ),
        // A manifest, a world, a moment and the plan: one folder each, no code needed.
        .testTarget(
            name: "GoldenScenarioTests",
            dependencies: [
                "CloudHSM", "StrongroomModel", "StrongroomManifest", "StrongroomPlanner",
                "StrongroomProof", "StrongroomReport", "StrongroomState",
            ],
            exclude: ["README.md", "Scenarios"],
            swiftSettings: strict
        ),
        // Whole worlds, in process: every room but state and manifest.
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "CloudHSM", "StrongroomModel", "StrongroomPlanner", "StrongroomProof",
                "StrongroomExecutor", "StrongroomObservation", "StrongroomReport",
                "StrongroomSimulator",
            ],
            swiftSettings: strict
        ),
        // The built program, as a user runs it.
        .testTarget(
            name: "StrongroomCommandTests",
            dependencies: ["HostileText"],
            swiftSettings: strict
        ),
        // The built emulator, as other people's clients and our own use it.
        .testTarget(
            name: "EmulatorTests",
            dependencies: [
                "CloudHSM", "CloudHSMWire", "StrongroomAWS", "StrongroomModel",
                "StrongroomObservation", "StrongroomSimulator",
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Scripts"],
            swiftSettings: strict
        ),
        // The same program on a machine that fails under it: killed, out of space, without power.
        .testTarget(name: "FaultTests", swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)
