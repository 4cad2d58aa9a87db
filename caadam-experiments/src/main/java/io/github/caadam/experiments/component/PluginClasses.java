// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the classes of all plug-ins by name, each by the loader of its own jar, and then those of
 * the suite. A class that two jars have belongs to neither, and is refused.
 */
final class PluginClasses extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private final List<PluginJar> jars;

    PluginClasses(List<PluginJar> jars) {
        super("plug-ins", PluginJar.suite());
        this.jars = jars;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!PluginJar.isShared(name)) {
            String entry = name.replace('.', '/') + ".class";
            List<PluginJar> owners =
                    jars.stream().filter(jar -> jar.loader().findResource(entry) != null).toList();
            if (owners.size() > 1) {
                throw new ClassNotFoundException(
                        "the class "
                                + name
                                + " is in several plug-ins, "
                                + owners.stream()
                                        .map(PluginJar::name)
                                        .collect(Collectors.joining(" and "))
                                + "; leave one of them out");
            }
            if (owners.size() == 1) {
                return owners.get(0).loader().loadClass(name);
            }
        }
        return super.loadClass(name, resolve);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        // What only a jar has of a shared package, such as a module of DJL that the suite lacks.
        String entry = name.replace('.', '/') + ".class";
        for (PluginJar jar : jars) {
            if (jar.loader().findResource(entry) != null) {
                return jar.loader().loadClass(name);
            }
        }
        throw new ClassNotFoundException(name);
    }
}
