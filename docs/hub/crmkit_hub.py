"""Settings for The Littlest JupyterHub; copy into /opt/tljh/config/jupyterhub_config.d/."""

c = get_config()  # noqa: F821  JupyterHub defines it before it reads this file

# A lesson needs some 400 MB; grading and Spark do not run on students' servers.
c.Spawner.mem_limit = "1G"
c.Spawner.cpu_limit = 1.0
# JupyterLab; the nbgitpuller link says which lesson to open. (The hub itself ends idle servers.)
c.Spawner.default_url = "/lab"
c.Spawner.environment = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
